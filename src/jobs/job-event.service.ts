import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isDatabaseUnavailable } from '../platform/database/database-errors';
import type { JobAccess } from './commands';
import { JobEventFeed } from './job-event-feed';
import { findFollowedJob, findJobEvents, readFollowedJob, type PlacedJobEvent } from './job-event.queries';
import type { JobEventView } from './job-events';
import { OpenStreams } from './open-streams';

export type ListJobEventsResult =
  | {
      kind: 'found';
      items: readonly JobEventView[];
      /** From where to go on, now or later; the position asked for when nothing followed it. */
      position: string;
      hasMore: boolean;
    }
  | { kind: 'job_not_found' };

export type FollowJobEventsResult =
  | { kind: 'following'; batches: AsyncIterable<readonly JobEventView[]> }
  | { kind: 'job_not_found' }
  /** The job has no such event to go on after. */
  | { kind: 'event_not_found' }
  /** The job is over, and the event was its last. */
  | { kind: 'nothing_follows' }
  | { kind: 'too_many_streams' };

export interface FollowOptions {
  /** The uid of an event to go on after; null: from the first. */
  readonly after: string | null;
  /** Who reads, in any words that tell one from another; each may have so many streams. */
  readonly reader: string;
  /** Ends it. It has to abort in the end, however that comes: what is counted for the reader is counted until then. */
  readonly signal: AbortSignal;
}

/** So many events are read at once; only these wait for a reader that is slow. */
const BATCH = 100;

/** Jobs' histories: as lists, and live. */
@Injectable()
export class JobEventService {
  constructor(
    private readonly db: DataSource,
    private readonly feed: JobEventFeed,
    private readonly streams: OpenStreams,
  ) {}

  /** A page of at most `limit` events after a position (null: from the beginning), oldest first. `uid` must be a UUID. */
  async list(uid: string, access: JobAccess, position: string | null, limit: number): Promise<ListJobEventsResult> {
    const after = position ?? '0';
    const events = await findJobEvents(this.db, uid, access, after, limit + 1);
    if (!events) return { kind: 'job_not_found' };
    const page = events.slice(0, limit);
    return { kind: 'found', items: page.map(toView), position: page.at(-1)?.id ?? after, hasMore: events.length > limit };
  }

  /**
   * A job's events as they happen, each once and in order, until the job is over or the signal aborts. A job that is retried goes
   * on; whoever follows it then gets what comes after. `uid` and `after` must be UUIDs.
   */
  async follow(uid: string, access: JobAccess, { after, reader, signal }: FollowOptions): Promise<FollowJobEventsResult> {
    const job = await findFollowedJob(this.db, uid, access, after);
    if (!job) return { kind: 'job_not_found' };
    if (after !== null && job.eventId === null) return { kind: 'event_not_found' };
    if (job.isOver && job.eventId === job.lastEventId) return { kind: 'nothing_follows' };
    if (!this.streams.take(reader, signal)) return { kind: 'too_many_streams' };
    const ended = AbortSignal.any([signal, this.feed.closed]);
    return { kind: 'following', batches: this.read(job.id, job.eventId ?? '0', ended) };
  }

  private async *read(jobId: string, afterId: string, ended: AbortSignal): AsyncGenerator<readonly JobEventView[]> {
    const watch = this.feed.watch(jobId);
    watch.lastEventId = afterId;
    try {
      while (!ended.aborted) {
        const read = await this.tryRead(jobId, watch.lastEventId);
        const last = read?.events.at(-1);
        if (read && last) {
          watch.lastEventId = last.id;
          yield read.events.map(toView);
        }
        if (read?.events.length === BATCH) continue;
        if (read?.isOver) return;
        await watch.changed(ended);
      }
    } finally {
      this.feed.unwatch(jobId, watch);
    }
  }

  /** null while Postgres is away: what is missed by that is read with the next news, or the feed's next check. */
  private async tryRead(jobId: string, afterId: string): Promise<Awaited<ReturnType<typeof readFollowedJob>> | null> {
    try {
      return await readFollowedJob(this.db, jobId, afterId, BATCH);
    } catch (error) {
      if (isDatabaseUnavailable(error)) return null;
      throw error;
    }
  }
}

const toView = ({ id: _id, ...event }: PlacedJobEvent): JobEventView => event;
