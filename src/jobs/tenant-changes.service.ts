import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobEventFeed } from './job-event-feed';
import { OpenStreams } from './open-streams';
import { findTenantId } from './tenant-change.queries';
import { TenantChangeFeed } from './tenant-change-feed';
import type { TenantNews } from './tenant-watch';

export type FollowTenantResult =
  { kind: 'following'; news: AsyncIterable<TenantNews> } | { kind: 'tenant_not_found' } | { kind: 'too_many_streams' };

/** Which of a tenant's jobs change, live; without a history. */
@Injectable()
export class TenantChangesService {
  constructor(
    private readonly db: DataSource,
    private readonly feed: TenantChangeFeed,
    private readonly events: JobEventFeed,
    private readonly streams: OpenStreams,
  ) {}

  /** @param reader who reads; each may have so many streams. @param signal ends it, and has to abort in the end, however that comes. */
  async follow(tenant: { partner: string; tenant: string }, reader: string, signal: AbortSignal): Promise<FollowTenantResult> {
    const tenantId = await findTenantId(this.db, tenant);
    if (tenantId === null) return { kind: 'tenant_not_found' };
    if (!this.streams.take(reader, signal)) return { kind: 'too_many_streams' };
    return { kind: 'following', news: this.read(tenantId, AbortSignal.any([signal, this.events.closed])) };
  }

  private async *read(tenantId: string, ended: AbortSignal): AsyncGenerator<TenantNews> {
    const watch = this.feed.watch(tenantId);
    try {
      for (let news = await watch.next(ended); news !== null; news = await watch.next(ended)) yield news;
    } finally {
      this.feed.unwatch(tenantId, watch);
    }
  }
}
