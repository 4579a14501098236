import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { formatBytes } from '../../../components/format';
import { texts } from '../../../texts';
import { Warning } from '../notes';
import { isSameFile, type SubmittedFile } from './submission';

/** Asks for a file again that the browser could not keep. */
export function LostFile({ file, onChosen }: { file: SubmittedFile; onChosen: (file: File) => void }) {
  const words = texts.newJob;
  const [isOther, setOther] = useState(false);
  function take(chosen: File | null): void {
    if (!chosen) return;
    setOther(!isSameFile(file, chosen));
    if (isSameFile(file, chosen)) onChosen(chosen);
  }
  return (
    <Warning title={file.displayName}>
      <Stack gap="xs">
        <Text size="sm">{words.upload.lost(file.name, formatBytes(file.size))}</Text>
        {isOther && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {words.upload.otherFile(file.name)}
          </Text>
        )}
        <Group>
          <FileButton onChange={take}>
            {(props) => (
              <Button {...props} size="xs" variant="default" aria-label={words.upload.chooseAgainFor(file.displayName)}>
                {words.upload.chooseAgain}
              </Button>
            )}
          </FileButton>
        </Group>
      </Stack>
    </Warning>
  );
}
