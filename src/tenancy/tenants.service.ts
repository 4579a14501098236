import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit, type Actor } from './audit';
import { findLastEditor } from './audit.queries';
import { matchedTags, type Precondition, type PreconditionFailed } from './entity-tag';
import { toPage, type Page } from './page';
import {
  findPartnerId,
  findTenant,
  findTenants,
  insertTenant,
  lockTenant,
  readTenant,
  renameTenant,
  replaceSchoolYears,
  type LockedTenant,
  type TenantView,
} from './tenants.queries';

export type { TenantView };

/** A tenant by the codes that name it. */
export interface TenantRef {
  readonly partner: string;
  readonly tenant: string;
}

interface TenantNotFound {
  kind: 'tenant_not_found';
}
export type GetTenantResult = { kind: 'found'; tenant: TenantView } | TenantNotFound;
export type CreateTenantResult = { kind: 'saved'; tenant: TenantView } | { kind: 'code_taken' } | { kind: 'partner_not_found' };
export type ChangeTenantResult = { kind: 'saved'; tenant: TenantView } | TenantNotFound | PreconditionFailed;

/** Tenants, and for which school years each may submit jobs. A change is written with its audit record. */
@Injectable()
export class TenantsService {
  constructor(private readonly db: DataSource) {}

  /** A page of at most `limit` tenants of a partner after a position (null: from the beginning), by code. */
  async list(partner: string, search: string | null, position: string | null, limit: number): Promise<Page<TenantView>> {
    return toPage(await findTenants(this.db, partner, search, position, limit + 1), limit, ({ code }) => code);
  }

  async get({ partner, tenant: code }: TenantRef): Promise<GetTenantResult> {
    const tenant = await findTenant(this.db, partner, code);
    return tenant ? { kind: 'found', tenant } : { kind: 'tenant_not_found' };
  }

  async create(actor: Actor, { partner, tenant: code }: TenantRef, name: string): Promise<CreateTenantResult> {
    return this.db.transaction(async (tx): Promise<CreateTenantResult> => {
      const partnerId = await findPartnerId(tx, partner);
      if (partnerId === null) return { kind: 'partner_not_found' };
      const tenantId = await insertTenant(tx, partnerId, code, name);
      if (tenantId === null) return { kind: 'code_taken' };
      await writeAudit(tx, actor, { action: 'tenant.created', partnerId, tenantId, before: null, after: { code, name } });
      return { kind: 'saved', tenant: await readTenant(tx, tenantId) };
    });
  }

  async rename(
    actor: Actor,
    { partner, tenant: code }: TenantRef,
    name: string,
    precondition: Precondition,
  ): Promise<ChangeTenantResult> {
    return this.db.transaction(async (tx): Promise<ChangeTenantResult> => {
      const locked = await lockTenant(tx, partner, code);
      if (!locked) return { kind: 'tenant_not_found' };
      const tenant = await readTenant(tx, locked.id);
      if (tenant.name === name) return { kind: 'saved', tenant };
      if (!(await renameTenant(tx, locked.id, name, matchedTags(precondition)))) return changedMeanwhile(tx, locked);
      const subject = { partnerId: locked.partnerId, tenantId: locked.id };
      const [before, after] = [{ name: tenant.name }, { name }];
      await writeAudit(tx, actor, { action: 'tenant.renamed', ...subject, before, after });
      return { kind: 'saved', tenant: await readTenant(tx, locked.id) };
    });
  }

  /**
   * Enables these school years and no others. One that is disabled keeps its jobs, which go on as before; only new ones are no
   * longer taken.
   *
   * @param endYears the years in which they end, each once.
   */
  async enableSchoolYears(
    actor: Actor,
    { partner, tenant: code }: TenantRef,
    endYears: readonly number[],
    precondition: Precondition,
  ): Promise<ChangeTenantResult> {
    return this.db.transaction(async (tx): Promise<ChangeTenantResult> => {
      const locked = await lockTenant(tx, partner, code);
      if (!locked) return { kind: 'tenant_not_found' };
      const before = await readTenant(tx, locked.id);
      const wanted = [...endYears].sort((a, b) => a - b);
      if (wanted.join() === before.schoolYears.join()) return { kind: 'saved', tenant: before };
      if (!(await replaceSchoolYears(tx, locked.id, wanted, matchedTags(precondition)))) return changedMeanwhile(tx, locked);
      await writeAudit(tx, actor, {
        action: 'tenant.school_years_changed',
        partnerId: locked.partnerId,
        tenantId: locked.id,
        before: { schoolYears: before.schoolYears.map(String) },
        after: { schoolYears: wanted.map(String) },
      });
      return { kind: 'saved', tenant: await readTenant(tx, locked.id) };
    });
  }
}

async function changedMeanwhile(tx: EntityManager, { id, partnerId }: LockedTenant): Promise<PreconditionFailed> {
  const actions = ['tenant.created', 'tenant.renamed', 'tenant.school_years_changed'] as const;
  return { kind: 'precondition_failed', editor: await findLastEditor(tx, actions, { partnerId, tenantId: id }) };
}
