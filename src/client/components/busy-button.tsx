import { Button, type ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';
import { useKeptFocus } from '../app/focus';

interface BusyButtonProps extends ButtonProps, Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> {
  /** Whether what it does is under way: it shows so, and takes no further click. */
  readonly busy?: boolean;
}

/** A button for what takes a while or takes the button away; whoever uses the keyboard goes on from where they were. */
export function BusyButton({ busy = false, ...button }: BusyButtonProps) {
  const element = useKeptFocus<HTMLButtonElement>(busy);
  return <Button ref={element} loading={busy} {...button} />;
}
