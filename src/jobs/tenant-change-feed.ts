import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobEventFeed } from './job-event-feed';
import { findChangedJobs, findEventsAfter, findLastEventId } from './tenant-change.queries';
import { TenantWatch } from './tenant-watch';

/** For how long notifications are collected, so that one statement looks up many jobs. */
const COLLECT_MS = 100;
/** How often it is looked for what no notification told: the creation of jobs, and notifications that were lost. */
const CHECK_MS = 3_000;
/** More than these at a time are not told one by one. */
const MAX_JOBS_AT_ONCE = 2_000;

/**
 * Tells whoever watches a tenant which of its jobs changed. However many people watch, a process asks the database once for all that was
 * notified in a moment, and once every few seconds; it asks nothing while nobody watches.
 */
@Injectable()
export class TenantChangeFeed implements OnModuleDestroy {
  private readonly logger = new Logger(TenantChangeFeed.name);
  private readonly watches = new Map<string, Set<TenantWatch>>();
  private readonly notified = new Set<string>();
  /** The last event of each job that was told of lately, so that a check tells nothing twice. */
  private readonly told = new Map<string, bigint>();
  /** Where the next check begins, and the one after it: events become visible a little out of the order of their ids. */
  private floors: readonly [string, string] | null = null;
  private collecting: NodeJS.Timeout | undefined;
  private checks: NodeJS.Timeout | undefined;
  private isObserving = false;

  constructor(
    private readonly db: DataSource,
    private readonly events: JobEventFeed,
  ) {}

  onModuleDestroy(): void {
    clearTimeout(this.collecting);
    clearInterval(this.checks);
  }

  /** What changed from now on is told to the watch; end it with `unwatch`. */
  watch(tenantId: string): TenantWatch {
    const watch = new TenantWatch();
    const ofTenant = this.watches.get(tenantId);
    if (ofTenant) ofTenant.add(watch);
    else this.watches.set(tenantId, new Set([watch]));
    this.observe();
    return watch;
  }

  unwatch(tenantId: string, watch: TenantWatch): void {
    const ofTenant = this.watches.get(tenantId);
    ofTenant?.delete(watch);
    if (ofTenant?.size === 0) this.watches.delete(tenantId);
  }

  private observe(): void {
    this.checks ??= setInterval(() => void this.quietly(() => this.check()), CHECK_MS).unref();
    if (this.floors === null) void this.quietly(() => this.check());
    if (this.isObserving) return;
    this.isObserving = true;
    this.events.observe({ onJobEvent: (jobId) => this.collect(jobId), onListening: () => this.reset() });
  }

  private collect(jobId: string): void {
    if (this.watches.size === 0) return;
    this.notified.add(jobId);
    this.collecting ??= setTimeout(() => {
      this.collecting = undefined;
      const jobIds = [...this.notified];
      this.notified.clear();
      void this.quietly(() => this.tell(jobIds));
    }, COLLECT_MS).unref();
  }

  /** Looks through all new events; while nobody watches it forgets where it was. */
  private async check(): Promise<void> {
    if (this.watches.size === 0) {
      this.floors = null;
      this.told.clear();
      return;
    }
    if (this.floors === null) {
      const last = await findLastEventId(this.db);
      this.floors ??= [last, last];
      // What happened between the beginning of a watch and this may be in no check.
      return this.reset();
    }
    const [from, next] = this.floors;
    const events = await findEventsAfter(this.db, from, MAX_JOBS_AT_ONCE);
    if (events.length === MAX_JOBS_AT_ONCE) {
      this.floors = null;
      return this.reset();
    }
    this.floors = [next, events.at(-1)?.id ?? next];
    await this.tell([...new Set(events.map(({ jobId }) => jobId))]);
    for (const [uid, lastEventId] of this.told) if (lastEventId <= BigInt(from)) this.told.delete(uid);
  }

  private async tell(jobIds: readonly string[]): Promise<void> {
    if (jobIds.length > MAX_JOBS_AT_ONCE) return this.reset();
    if (jobIds.length === 0 || this.watches.size === 0) return;
    for (const { tenantId, uid, status, lastEventId } of await findChangedJobs(this.db, jobIds, [...this.watches.keys()])) {
      const last = BigInt(lastEventId);
      if ((this.told.get(uid) ?? -1n) >= last) continue;
      this.told.set(uid, last);
      this.watches.get(tenantId)?.forEach((watch) => watch.add({ uid, status }));
    }
  }

  private reset(): void {
    for (const ofTenant of this.watches.values()) ofTenant.forEach((watch) => watch.reset());
  }

  /** What fails is looked for again by the next check. */
  private async quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn({ err: error }, 'changed jobs could not be looked for');
    }
  }
}
