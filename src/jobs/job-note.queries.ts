import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { JobAccess } from './commands';
import { accessValues, IS_ACCESSIBLE } from './job.queries';

/** The SQL of the notes that people write on jobs. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

export interface JobNoteView {
  readonly uid: string;
  readonly text: string;
  readonly author: { readonly uid: string; readonly name: string };
  readonly createdAt: Date;
  readonly editedAt: Date | null;
}

const noteFrom = (source: string): string =>
  `SELECT n.uid, n.text, json_build_object('uid', u.uid, 'name', u.name) AS author, n.created_at AS "createdAt", n.edited_at AS "editedAt"
     FROM ${source} n JOIN app_user u ON u.id = n.author_id`;

/** Adds a note, unless the job has `maxNotes`. The job's row must be locked. */
export async function insertNote(
  tx: EntityManager,
  jobId: string,
  note: { authorId: string; text: string },
  maxNotes: number,
): Promise<JobNoteView | null> {
  const rows: JobNoteView[] = await tx.query(
    `WITH added AS (
       INSERT INTO job_note (uid, job_id, author_id, text)
       SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM job_note WHERE job_id = $2) < $5
       RETURNING *
     ) ${noteFrom('added')}`,
    [uuidv7(), jobId, note.authorId, note.text, maxNotes],
  );
  return rows[0] ?? null;
}

export interface FoundNote {
  readonly id: string;
  readonly authorId: string;
}

/** Who wrote a note of a job; `note` is null where the job has none such, the whole where there is no such job for this caller. */
export async function findNote(
  db: Queryable,
  uid: string,
  access: JobAccess,
  noteUid: string,
): Promise<{ readonly note: FoundNote | null } | null> {
  const rows: { note: FoundNote | null }[] = await db.query(
    `SELECT (SELECT json_build_object('id', n.id::text, 'authorId', n.author_id::text) FROM job_note n
              WHERE n.uid = $4 AND n.job_id = job.id) AS note
       FROM job JOIN partner ON partner.id = job.partner_id JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access), noteUid],
  );
  return rows[0] ?? null;
}

/** null where the note is gone. */
export async function updateNote(db: Queryable, noteId: string, text: string): Promise<JobNoteView | null> {
  const rows: JobNoteView[] = await db.query(
    `WITH changed AS (UPDATE job_note SET text = $2, edited_at = clock_timestamp() WHERE id = $1 RETURNING *) ${noteFrom('changed')}`,
    [noteId, text],
  );
  return rows[0] ?? null;
}

export async function deleteNote(db: Queryable, noteId: string): Promise<void> {
  await db.query(`DELETE FROM job_note WHERE id = $1`, [noteId]);
}
