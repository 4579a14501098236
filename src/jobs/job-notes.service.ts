import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { JobAccess } from './commands';
import { lockJobForChange } from './job-change.queries';
import { deleteNote, findNote, insertNote, updateNote, type FoundNote, type JobNoteView } from './job-note.queries';

/** Whom a note belongs to: nobody else may change it. */
type NotMine = { kind: 'job_not_found' } | { kind: 'note_not_found' } | { kind: 'not_your_note' };

export type AddNoteResult =
  { kind: 'added'; note: JobNoteView } | { kind: 'job_not_found' } | { kind: 'too_many_notes'; limit: number };
export type EditNoteResult = { kind: 'edited'; note: JobNoteView } | NotMine;
export type DeleteNoteResult = { kind: 'deleted' } | NotMine;

/** All of a job's notes are shown with it, so they may not become many. */
const MAX_NOTES = 200;

/** What people write on jobs. `uid` and `noteUid` must be UUIDs. */
@Injectable()
export class JobNotesService {
  constructor(private readonly db: DataSource) {}

  async add(uid: string, access: JobAccess, note: { authorId: string; text: string }): Promise<AddNoteResult> {
    return this.db.transaction(async (tx): Promise<AddNoteResult> => {
      const job = await lockJobForChange(tx, uid, access);
      if (!job) return { kind: 'job_not_found' };
      const added = await insertNote(tx, job.id, note, MAX_NOTES);
      return added ? { kind: 'added', note: added } : { kind: 'too_many_notes', limit: MAX_NOTES };
    });
  }

  async edit(
    uid: string,
    access: JobAccess,
    noteUid: string,
    change: { authorId: string; text: string },
  ): Promise<EditNoteResult> {
    const found = await this.findOwn(uid, access, noteUid, change.authorId);
    if ('kind' in found) return found;
    const note = await updateNote(this.db, found.id, change.text);
    return note ? { kind: 'edited', note } : { kind: 'note_not_found' };
  }

  async delete(uid: string, access: JobAccess, noteUid: string, authorId: string): Promise<DeleteNoteResult> {
    const found = await this.findOwn(uid, access, noteUid, authorId);
    if ('kind' in found) return found;
    await deleteNote(this.db, found.id);
    return { kind: 'deleted' };
  }

  private async findOwn(uid: string, access: JobAccess, noteUid: string, authorId: string): Promise<FoundNote | NotMine> {
    const found = await findNote(this.db, uid, access, noteUid);
    if (!found) return { kind: 'job_not_found' };
    if (!found.note) return { kind: 'note_not_found' };
    return found.note.authorId === authorId ? found.note : { kind: 'not_your_note' };
  }
}
