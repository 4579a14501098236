import { Button, FileButton, Group, Input, Stack, Text } from '@mantine/core';
import { IconFile, IconUpload } from '@tabler/icons-react';
import { useId, useState, type DragEvent, type ReactNode } from 'react';
import { formatBytes } from '../../../components/format';
import { texts } from '../../../texts';
import type { FileFault } from '../check-file';
import type { ExpectedColumns } from '../preview/compare-columns';
import { typesText, type FileChoice, type FileSlot } from './file-choice';
import classes from './file-field.module.css';
import { FilePreview } from './file-preview';

interface FileFieldProps {
  readonly slot: FileSlot;
  readonly choice: FileChoice | undefined;
  readonly columns: ExpectedColumns | undefined;
  /** What is missing, or what the server refused. */
  readonly error: string | undefined;
  readonly disabled: boolean;
  readonly onChoose: (file: File) => void;
  readonly onRemove: () => void;
}

/** Takes one of the bundle's files, dropped or chosen, and shows what is in it. */
export function FileField({ slot, choice, columns, error, disabled, onChoose, onRemove }: FileFieldProps) {
  const words = texts.newJob.file;
  const [more, setMore] = useState(false);
  const id = useId();
  const accept = slot.fileTypes.map((type) => `.${type}`).join(',');

  function take(files: readonly File[]): void {
    setMore(files.length > 1);
    if (files[0]) onChoose(files[0]);
  }

  const message = choice?.fault ? faultText(choice.fault) : error;
  return (
    <Stack gap="xs" role="group" aria-labelledby={id}>
      <Input.Label labelElement="div" id={id} required={slot.required}>
        {slot.required ? slot.displayName : `${slot.displayName} (${texts.newJob.optional})`}
      </Input.Label>
      <DropZone disabled={disabled} invalid={message !== undefined} onDrop={take}>
        <Group gap="sm" wrap="nowrap" miw={0}>
          {choice ? <IconFile size={20} stroke={1.5} aria-hidden /> : <IconUpload size={20} stroke={1.5} aria-hidden />}
          <Text size="sm" miw={0} style={{ overflowWrap: 'anywhere' }}>
            {choice ? (
              <>
                {choice.file.name}{' '}
                <Text component="span" c="dimmed">
                  {formatBytes(choice.file.size)}
                </Text>
              </>
            ) : (
              words.drop(typesText(slot.fileTypes))
            )}
          </Text>
        </Group>
        <Group gap="xs">
          <FileButton onChange={(file) => file && take([file])} accept={accept} disabled={disabled}>
            {(props) => (
              <Button
                {...props}
                id={`field-files/${slot.envVar}`}
                variant="default"
                size="xs"
                aria-label={choice ? words.replaceFor(slot.displayName) : words.chooseFor(slot.displayName)}
                aria-describedby={message === undefined ? undefined : `${id}-error`}
              >
                {choice ? words.replace : words.choose}
              </Button>
            )}
          </FileButton>
          {choice && (
            <Button
              variant="subtle"
              size="xs"
              onClick={onRemove}
              disabled={disabled}
              aria-label={words.removeFor(slot.displayName)}
            >
              {words.remove}
            </Button>
          )}
        </Group>
      </DropZone>
      {message !== undefined && (
        <Input.Error id={`${id}-error`} role={choice ? 'alert' : undefined}>
          {message}
        </Input.Error>
      )}
      {more && (
        <Text size="sm" c="dimmed" role="status">
          {words.onlyOne}
        </Text>
      )}
      {choice && !choice.fault && <FilePreview name={choice.file.name} preview={choice.preview} columns={columns} />}
    </Stack>
  );
}

interface DropZoneProps {
  readonly disabled: boolean;
  readonly invalid: boolean;
  readonly onDrop: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

function DropZone({ disabled, invalid, onDrop, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const accepts = (event: DragEvent): boolean => !disabled && event.dataTransfer.types.includes('Files');
  return (
    <div
      className={classes.zone}
      data-over={over || undefined}
      data-invalid={invalid || undefined}
      onDragOver={(event) => {
        if (!accepts(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!accepts(event)) return;
        event.preventDefault();
        onDrop([...event.dataTransfer.files]);
      }}
    >
      {children}
    </div>
  );
}

function faultText(fault: FileFault): string {
  const words = texts.newJob.file.faults;
  switch (fault.kind) {
    case 'empty':
      return words.empty;
    case 'too_large':
      return words.too_large(formatBytes(fault.maxBytes));
    case 'wrong_type':
      return words.wrong_type(typesText(fault.fileTypes));
    default:
      return fault satisfies never;
  }
}
