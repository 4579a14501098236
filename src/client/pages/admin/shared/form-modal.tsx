import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useFocusReturn } from '../../../app/focus';
import { BusyButton } from '../../../components/busy-button';
import { texts } from '../../../texts';
import { LeaveDialog } from './leave-dialog';
import { UnsavedChanges } from './unsaved-changes';

interface FormModalProps {
  readonly title: string;
  readonly submit: string;
  readonly dirty: boolean;
  readonly saving: boolean;
  /** What is wrong with it and has no field. */
  readonly fault: string | null;
  /** What else is to be said above the fields. */
  readonly notice?: ReactNode;
  readonly size?: string;
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form in a dialog, which does not close over what has been entered without asking. It is open as long as it is mounted. */
export function FormModal({
  title,
  submit,
  dirty,
  saving,
  fault,
  notice,
  size = 'md',
  onSubmit,
  onClose,
  children,
}: FormModalProps) {
  useFocusReturn();
  const [asking, setAsking] = useState(false);
  const close = (): void => (dirty ? setAsking(true) : onClose());
  return (
    // The stack gives Escape and the focus to the upper one alone.
    <Modal.Stack>
      <Modal
        stackId="form"
        opened
        onClose={close}
        title={title}
        size={size}
        centered
        closeButtonProps={{ 'aria-label': texts.common.close }}
      >
        <form onSubmit={onSubmit} noValidate>
          <Stack>
            {fault !== null && (
              <Alert color="red" role="alert">
                {fault}
              </Alert>
            )}
            {notice}
            {children}
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close}>
                {texts.common.cancel}
              </Button>
              <BusyButton type="submit" busy={saving}>
                {submit}
              </BusyButton>
            </Group>
          </Stack>
        </form>
      </Modal>
      <UnsavedChanges when={dirty && !saving} />
      <LeaveDialog opened={asking} onLeave={onClose} onStay={() => setAsking(false)} />
    </Modal.Stack>
  );
}
