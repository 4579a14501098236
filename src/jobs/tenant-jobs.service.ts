import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isInvalidParameter } from '../platform/database/database-errors';
import { countJobsByDay, findLastSettings, findTenantJob, type DayOfJobs, type LastSettings } from './tenant-job.queries';
import { scanTenantJobs, type TenantJobFilter, type TenantJobPosition, type TenantJobSort } from './tenant-job-list.queries';
import type { TenantJobSummary, TenantJobView } from './tenant-job-view';

export interface TenantRef {
  readonly partner: string;
  readonly tenant: string;
}

export interface TenantJobPage {
  /** May be fewer than a page has, even none, while there is more: where little matches, a page ends after so many jobs looked at. */
  readonly items: readonly TenantJobSummary[];
  /** From where the next page goes on; null where there is none. */
  readonly position: string | null;
}

export type GetTenantJobResult = { kind: 'found'; job: TenantJobView } | { kind: 'job_not_found' };
export type CountJobsResult = { kind: 'counted'; days: readonly DayOfJobs[] } | { kind: 'time_zone_unknown' };

/** A tenant's jobs as its people look at them. */
@Injectable()
export class TenantJobsService {
  constructor(private readonly db: DataSource) {}

  /** A page of at most `limit` jobs after a position (null: from the first). */
  async list(
    tenant: TenantRef,
    filter: TenantJobFilter,
    sort: TenantJobSort,
    position: string | null,
    limit: number,
  ): Promise<TenantJobPage> {
    const page = await scanTenantJobs(this.db, tenant, filter, sort, position === null ? null : parse(position), limit);
    return { items: page.items, position: page.position && `${page.position.key} ${page.position.id}` };
  }

  /** One job whole, as a user sees it. `uid` must be a UUID. */
  async get(uid: string, { partner, tenant }: TenantRef, userId: string): Promise<GetTenantJobResult> {
    const job = await findTenantJob(this.db, uid, { partners: [partner], tenant }, userId);
    return job ? { kind: 'found', job } : { kind: 'job_not_found' };
  }

  /** How the jobs of the last `days` days went, in a zone's days. */
  async countByDay(tenant: TenantRef, days: number, timeZone: string): Promise<CountJobsResult> {
    try {
      return { kind: 'counted', days: await countJobsByDay(this.db, tenant, days, timeZone) };
    } catch (error) {
      if (isInvalidParameter(error)) return { kind: 'time_zone_unknown' };
      throw error;
    }
  }

  /** What a user, or else anybody of the tenant, last gave a bundle. */
  lastSettings(tenant: TenantRef, bundle: string, userId: string): Promise<LastSettings | null> {
    return findLastSettings(this.db, tenant, bundle, userId);
  }
}

function parse(position: string): TenantJobPosition {
  const [key = '', id = ''] = position.split(' ');
  return { key, id };
}
