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
  /** The button that does not; for where what is asked is itself to cancel something. */
  readonly dismiss?: string;
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
  dismiss = texts.common.cancel,
  danger = false,
  onConfirm,
  children,
  ...button
}: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  function ask(): void {
    setError(null);
    open();
  }

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
      <BusyButton variant="default" aria-label={label} {...button} onClick={ask}>
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
              {dismiss}
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
