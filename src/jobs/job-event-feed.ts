import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabaseSettings } from '../platform/config/settings';
import { NotificationListener } from '../platform/database/notification-listener';
import { findEventEnds } from './job-event.queries';

/** As the trigger on `job_event` names it; its payload is the job's id. */
const CHANNEL = 'slipway_job_event';
/** How often all that are watched are looked at, in one statement, for what no notification told. */
const CHECK_MS = 5_000;

/** Waits for news of one job, for one reader. */
export class JobWatch {
  /** The last event that the reader has read. */
  lastEventId = '0';
  private hasNews = false;
  private wake: () => void = () => undefined;

  /** Resolves as soon as there may be news since it last did, or when the signal aborts. */
  async changed(signal: AbortSignal): Promise<void> {
    if (!this.hasNews && !signal.aborted) {
      let abort: () => void = () => undefined;
      const woken = new Promise<void>((resolve) => (this.wake = abort = resolve));
      signal.addEventListener('abort', abort);
      await woken;
      signal.removeEventListener('abort', abort);
    }
    this.hasNews = false;
  }

  notify(): void {
    this.hasNews = true;
    this.wake();
  }
}

export interface JobEventObserver {
  /** A job has a new event, other than that of its creation. */
  readonly onJobEvent: (jobId: string) => void;
  /** Notifications come from now on, or again: some may have been missed. */
  readonly onListening: () => void;
}

/**
 * Tells who reads a job's history that it goes on: one connection that listens for the whole process, however many readers there
 * are, and a look at all watched jobs every few seconds, so that a notification that was lost only costs that time.
 */
@Injectable()
export class JobEventFeed implements OnModuleDestroy {
  private readonly logger = new Logger(JobEventFeed.name);
  private readonly watches = new Map<string, Set<JobWatch>>();
  private readonly observers: JobEventObserver[] = [];
  private readonly closing = new AbortController();
  private listener: NotificationListener | null = null;
  private checks: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: DataSource,
    private readonly settings: DatabaseSettings,
  ) {}

  /** Aborts when the process is about to end. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    clearInterval(this.checks);
    await this.listener?.stop();
  }

  /** Begin to watch before reading, so that nothing falls in between; end with `unwatch`. */
  watch(jobId: string): JobWatch {
    this.listen();
    const watch = new JobWatch();
    const ofJob = this.watches.get(jobId);
    if (ofJob) ofJob.add(watch);
    else this.watches.set(jobId, new Set([watch]));
    return watch;
  }

  unwatch(jobId: string, watch: JobWatch): void {
    const ofJob = this.watches.get(jobId);
    ofJob?.delete(watch);
    if (ofJob?.size === 0) this.watches.delete(jobId);
  }

  /** Tells an observer of every job that has a new event, until the process ends. */
  observe(observer: JobEventObserver): void {
    this.observers.push(observer);
    this.listen();
  }

  /** From the first reader on: a process that nobody reads events from needs no connection for it. */
  private listen(): void {
    if (this.listener !== null || this.closed.aborted) return;
    this.listener = new NotificationListener(this.settings.url, CHANNEL, {
      onNotification: (jobId) => {
        this.watches.get(jobId)?.forEach((watch) => watch.notify());
        for (const observer of this.observers) observer.onJobEvent(jobId);
      },
      onListening: () => {
        void this.check();
        for (const observer of this.observers) observer.onListening();
      },
    });
    this.listener.start();
    this.checks = setInterval(() => void this.check(), CHECK_MS).unref();
  }

  private async check(): Promise<void> {
    if (this.watches.size === 0) return;
    try {
      for (const { jobId, lastEventId, isOver } of await findEventEnds(this.db, [...this.watches.keys()]))
        for (const watch of this.watches.get(jobId) ?? [])
          if (isOver || BigInt(lastEventId) > BigInt(watch.lastEventId)) watch.notify();
    } catch (error) {
      // The next check comes soon, and a reader that cannot read says so itself.
      this.logger.warn({ err: error }, 'job events could not be looked for');
    }
  }
}
