import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit, type Actor } from './audit';
import { toPage, type Page } from './page';
import {
  findPartnerId,
  findTenants,
  insertTenant,
  lockTenant,
  readTenant,
  renameTenant,
  replaceSchoolYears,
  type TenantView,
} from './tenants.queries';

export type { TenantView };

/** A tenant by the codes that name it. */
export interface TenantRef {
  readonly partner: string;
  readonly tenant: string;
}

export type CreateTenantResult = { kind: 'saved'; tenant: TenantView } | { kind: 'code_taken' } | { kind: 'partner_not_found' };
export type ChangeTenantResult = { kind: 'saved'; tenant: TenantView } | { kind: 'tenant_not_found' };

/** Tenants, and for which school years each may submit jobs. A change is written with its audit record. */
@Injectable()
export class TenantsService {
  constructor(private readonly db: DataSource) {}

  /** A page of at most `limit` tenants of a partner after a position (null: from the beginning), by code. */
  async list(partner: string, search: string | null, position: string | null, limit: number): Promise<Page<TenantView>> {
    return toPage(await findTenants(this.db, partner, search, position, limit + 1), limit, ({ code }) => code);
  }

  async create(actor: Actor, { partner, tenant: code }: TenantRef, name: string): Promise<CreateTenantResult> {
    return this.db.transaction(async (tx): Promise<CreateTenantResult> => {
      const partnerId = await findPartnerId(tx, partner);
      if (partnerId === null) return { kind: 'partner_not_found' };
      const inserted = await insertTenant(tx, partnerId, code, name);
      if (!inserted) return { kind: 'code_taken' };
      const [tenantId, after] = [inserted.id, { code, name }];
      await writeAudit(tx, actor, { action: 'tenant.created', partnerId, tenantId, before: null, after });
      return { kind: 'saved', tenant: { code, name, schoolYears: [], createdAt: inserted.createdAt } };
    });
  }

  async rename(actor: Actor, { partner, tenant: code }: TenantRef, name: string): Promise<ChangeTenantResult> {
    return this.db.transaction(async (tx): Promise<ChangeTenantResult> => {
      const locked = await lockTenant(tx, partner, code);
      if (!locked) return { kind: 'tenant_not_found' };
      const tenant = await readTenant(tx, locked.id);
      if (tenant.name !== name) {
        await renameTenant(tx, locked.id, name);
        const subject = { partnerId: locked.partnerId, tenantId: locked.id };
        const [before, after] = [{ name: tenant.name }, { name }];
        await writeAudit(tx, actor, { action: 'tenant.renamed', ...subject, before, after });
      }
      return { kind: 'saved', tenant: { ...tenant, name } };
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
  ): Promise<ChangeTenantResult> {
    return this.db.transaction(async (tx): Promise<ChangeTenantResult> => {
      const locked = await lockTenant(tx, partner, code);
      if (!locked) return { kind: 'tenant_not_found' };
      const before = await readTenant(tx, locked.id);
      const wanted = [...endYears].sort((a, b) => a - b);
      if (wanted.join() === before.schoolYears.join()) return { kind: 'saved', tenant: before };
      await replaceSchoolYears(tx, locked.id, wanted);
      await writeAudit(tx, actor, {
        action: 'tenant.school_years_changed',
        partnerId: locked.partnerId,
        tenantId: locked.id,
        before: { schoolYears: before.schoolYears.map(String) },
        after: { schoolYears: wanted.map(String) },
      });
      return { kind: 'saved', tenant: { ...before, schoolYears: wanted } };
    });
  }
}
