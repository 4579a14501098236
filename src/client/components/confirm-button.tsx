import { Button, Group, Modal, Stack, Text, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { texts } from '../texts';
import { BusyButton } from './busy-button';
import { ProblemAlert } from './problem-alert';

interface ConfirmButtonProps extends ButtonProps {
  readonly children: ReactNode;
  /** What it is for, where several have the same `children`; begins with them (WCAG 2.2 §2.5.3). */
  readonly label?: string;
  /** The question. */
  readonly title: string;
  /** What follows from it. */
  readonly message: ReactNode;
  /** The button that does it; as `children` where it is not given. */
  readonly confirm?: string;
  readonly danger?: boolean;
  /** Does it. Where it fails, the dialog stays and says why. */
  readonly onConfirm: () => Promise<unknown>;
}

/** A button for what should not happen by a slip: it asks first. */
export function ConfirmButton({
  label,
  title,
  message,
  confirm,
  danger = false,
  onConfirm,
  children,
  ...button
}: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function act(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      close();
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <BusyButton variant="default" aria-label={label} {...button} onClick={open}>
        {children}
      </BusyButton>
      <Modal opened={opened} onClose={close} title={title} centered closeButtonProps={{ 'aria-label': texts.common.close }}>
        <Stack>
          <Text size="sm" component="div">
            {message}
          </Text>
          {error !== null && <ProblemAlert error={error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close} data-autofocus>
              {texts.common.cancel}
            </Button>
            <BusyButton color={danger ? 'red' : undefined} busy={busy} onClick={() => void act()}>
              {confirm ?? children}
            </BusyButton>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
