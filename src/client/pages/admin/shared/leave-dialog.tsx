import { Button, Group, Modal, Text } from '@mantine/core';
import { useId } from 'react';
import { texts } from '../../../texts';

interface LeaveDialogProps {
  readonly opened: boolean;
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

/**
 * Asks before what was changed and not saved is lost. The focus is on the way back. Over another dialog it has to be in its
 * `Modal.Stack`.
 */
export function LeaveDialog({ opened, onLeave, onStay }: LeaveDialogProps) {
  const id = useId();
  const { title, body, leave, stay } = texts.admin.unsaved;
  return (
    <Modal
      opened={opened}
      onClose={onStay}
      title={title}
      centered
      stackId={id}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <Text size="sm">{body}</Text>
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button variant="default" onClick={onStay} data-autofocus>
          {stay}
        </Button>
        <Button color="red" onClick={onLeave}>
          {leave}
        </Button>
      </Group>
    </Modal>
  );
}
