import { Button, Group, Stack, Text } from '@mantine/core';
import { addNote, deleteNote, editNote, type JobNote, type JobPath } from '../../api/jobs';
import { useRef, useState } from 'react';
import { ConfirmButton } from '../../components/confirm-button';
import { DateTime } from '../../components/date-time';
import { texts } from '../../texts';
import classes from './job.module.css';
import { NoteForm } from './note-form';
import { Section } from './section';

const { notes: words } = texts.job;

interface JobNotesProps {
  readonly path: JobPath;
  readonly notes: readonly JobNote[];
  readonly onChanged: () => Promise<void>;
}

/** What people have written about the job. One changes one's own notes only. */
export function JobNotes({ path, notes, onChanged }: JobNotesProps) {
  const add = async (text: string): Promise<void> => {
    await addNote(path, text);
    await onChanged();
  };
  return (
    <Section title={words.title}>
      {notes.map((note) => (
        <Note key={note.uid} path={path} note={note} onChanged={onChanged} />
      ))}
      <NoteForm label={words.add} submit={words.add} onSubmit={add} />
    </Section>
  );
}

function Note({ path, note, onChanged }: { path: JobPath; note: JobNote; onChanged: () => Promise<void> }) {
  const [editing, setEditing] = useState(false);
  const article = useRef<HTMLDivElement>(null);

  async function save(text: string): Promise<void> {
    await editNote(path, note.uid, text);
    await onChanged();
    stopEditing();
  }
  /** The focus stays at the note. */
  function stopEditing(): void {
    setEditing(false);
    article.current?.focus();
  }
  async function remove(): Promise<void> {
    await deleteNote(path, note.uid);
    await onChanged();
  }

  return (
    <Stack
      gap={6}
      component="article"
      ref={article}
      tabIndex={-1}
      className={classes.note}
      aria-label={words.by(note.author.name)}
    >
      <Text size="sm" component="div">
        <strong>{note.author.name}</strong>
        <Text c="dimmed" size="xs" component="div">
          <DateTime value={note.createdAt} inline />
          {note.editedAt !== null && ` · ${words.edited}`}
        </Text>
      </Text>
      {editing ? (
        <NoteForm label={words.edit} submit={texts.common.save} text={note.text} onSubmit={save} onCancel={stopEditing} />
      ) : (
        <Text size="sm" component="p">
          {note.text}
        </Text>
      )}
      {note.mine && !editing && (
        <Group gap="xs">
          <Button size="compact-xs" variant="subtle" onClick={() => setEditing(true)}>
            {texts.common.edit}
          </Button>
          <ConfirmButton {...words.delete} size="compact-xs" variant="subtle" color="red" danger onConfirm={remove}>
            {texts.common.delete}
          </ConfirmButton>
        </Group>
      )}
    </Stack>
  );
}
