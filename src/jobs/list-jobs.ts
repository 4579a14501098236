import type { DataSource } from 'typeorm';
import type { JobAccess } from './commands';
import { findJobs, type JobFilter, type JobPosition } from './job-list.queries';
import type { JobSummary } from './job-view';

export interface JobPage {
  readonly items: readonly JobSummary[];
  /** From where the next page goes on; null where there is none. */
  readonly position: string | null;
}

/**
 * A page of at most `limit` jobs after a position (null: from the beginning), newest first. Jobs that are added meanwhile come
 * before every position, so going on neither repeats nor skips any.
 */
export async function listJobs(
  db: DataSource,
  access: JobAccess,
  filter: JobFilter,
  position: string | null,
  limit: number,
): Promise<JobPage> {
  const rows = await findJobs(db, access, filter, position === null ? null : parse(position), limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ id: _id, ...job }) => job),
    position: last && rows.length > limit ? `${last.createdAt.getTime()}.${last.id}` : null,
  };
}

function parse(position: string): JobPosition {
  const [milliseconds, id = ''] = position.split('.');
  return { createdAt: new Date(Number(milliseconds)), id };
}
