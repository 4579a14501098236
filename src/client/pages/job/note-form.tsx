import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ProblemAlert } from '../../components/problem-alert';
import { texts } from '../../texts';

const MAX_LENGTH = 4000;

interface NoteFormProps {
  readonly label: string;
  readonly submit: string;
  /** What is edited; a new note where it is not given. */
  readonly text?: string;
  readonly onSubmit: (text: string) => Promise<void>;
  /** Of a note that is edited. */
  readonly onCancel?: () => void;
}

/** Writes a note, or changes one, which takes the focus then. What was typed stays until it has been saved. */
export function NoteForm({ label, submit, text = '', onSubmit, onCancel }: NoteFormProps) {
  const [typed, setTyped] = useState(text);
  const { mutate, isPending, error } = useMutation({ mutationFn: onSubmit, onSuccess: saved });
  const field = useRef<HTMLTextAreaElement>(null);
  const isEdit = onCancel !== undefined;
  useEffect(() => {
    if (isEdit) field.current?.focus();
  }, [isEdit]);
  const ready = typed.trim() !== '' && typed.trim() !== text;

  function saved(): void {
    setTyped('');
    // The button cannot have the focus while there is nothing to save.
    field.current?.focus();
  }
  function send(event: FormEvent): void {
    event.preventDefault();
    if (ready) mutate(typed.trim());
  }

  return (
    <form onSubmit={send}>
      <Stack gap="xs">
        <Textarea
          ref={field}
          label={label}
          autosize
          minRows={2}
          maxRows={10}
          maxLength={MAX_LENGTH}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {error && <ProblemAlert error={error} />}
        <Group gap="xs">
          <Button type="submit" size="xs" disabled={!ready} loading={isPending}>
            {submit}
          </Button>
          {isEdit && (
            <Button size="xs" variant="default" onClick={onCancel}>
              {texts.common.cancel}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
