import { Group, Text } from '@mantine/core';
import { BusyButton } from '../../../components/busy-button';
import { texts } from '../../../texts';
import classes from './save-bar.module.css';
import { UnsavedChanges } from './unsaved-changes';

interface SaveBarProps {
  /** How many there are; the bar is only there where there are some. */
  readonly changes: number;
  readonly saving: boolean;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
}

/** Stays at the bottom of the screen as long as something is changed and not saved. */
export function SaveBar({ changes, saving, onDiscard, onSave }: SaveBarProps) {
  return (
    <>
      <div role="status" className={classes.place}>
        {changes > 0 && (
          <Group justify="space-between" gap="sm" className={classes.bar}>
            <Text size="sm" fw={500}>
              {texts.admin.unsaved.changes(changes)}
            </Text>
            <Group gap="sm">
              <BusyButton variant="default" onClick={onDiscard} disabled={saving}>
                {texts.admin.unsaved.discard}
              </BusyButton>
              <BusyButton onClick={onSave} busy={saving}>
                {texts.common.save}
              </BusyButton>
            </Group>
          </Group>
        )}
      </div>
      <UnsavedChanges when={changes > 0 && !saving} />
    </>
  );
}
