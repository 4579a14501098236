import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit, type Actor } from './audit';
import { toPage, type Page } from './page';
import {
  findEnabledBundles,
  findPartner,
  findPartners,
  insertPartner,
  isAdministrator,
  lockPartner,
  renamePartner,
  replaceEnabledBundles,
  type PartnerAccess,
  type PartnerView,
} from './partners.queries';

export type { PartnerAccess, PartnerView };

interface PartnerNotFound {
  kind: 'partner_not_found';
}
export type ListPartnersResult = { kind: 'found'; page: Page<PartnerView> } | { kind: 'role_missing' };
export type GetPartnerResult = { kind: 'found'; partner: PartnerView } | PartnerNotFound;
export type CreatePartnerResult = { kind: 'saved'; partner: PartnerView } | { kind: 'code_taken' };
export type RenamePartnerResult = { kind: 'saved'; partner: PartnerView } | PartnerNotFound;
export type EnabledBundlesResult = { kind: 'found'; bundles: readonly string[] } | PartnerNotFound;
export type EnableBundlesResult = { kind: 'saved' } | PartnerNotFound;

const NOT_FOUND: PartnerNotFound = { kind: 'partner_not_found' };

/** Partners, and which bundles each may use. A change is written with its audit record, and what changes nothing leaves none. */
@Injectable()
export class PartnersService {
  constructor(private readonly db: DataSource) {}

  /** A page of at most `limit` partners after a position (null: from the beginning), by code. For administrators only. */
  async list(access: PartnerAccess, search: string | null, position: string | null, limit: number): Promise<ListPartnersResult> {
    const rows = await findPartners(this.db, access, search, position, limit + 1);
    if (rows.length === 0 && !(await isAdministrator(this.db, access))) return { kind: 'role_missing' };
    return { kind: 'found', page: toPage(rows, limit, ({ code }) => code) };
  }

  async get(code: string): Promise<GetPartnerResult> {
    const partner = await findPartner(this.db, code);
    return partner ? { kind: 'found', partner } : NOT_FOUND;
  }

  async create(actor: Actor, code: string, name: string): Promise<CreatePartnerResult> {
    return this.db.transaction(async (tx): Promise<CreatePartnerResult> => {
      const inserted = await insertPartner(tx, code, name);
      if (!inserted) return { kind: 'code_taken' };
      await writeAudit(tx, actor, { action: 'partner.created', partnerId: inserted.id, before: null, after: { code, name } });
      return { kind: 'saved', partner: { code, name, tenants: 0, createdAt: inserted.createdAt } };
    });
  }

  async rename(actor: Actor, code: string, name: string): Promise<RenamePartnerResult> {
    return this.db.transaction(async (tx): Promise<RenamePartnerResult> => {
      const partner = await lockPartner(tx, code);
      if (!partner) return NOT_FOUND;
      if (partner.name !== name) {
        await renamePartner(tx, partner.id, name);
        const [before, after] = [{ name: partner.name }, { name }];
        await writeAudit(tx, actor, { action: 'partner.renamed', partnerId: partner.id, before, after });
      }
      return { kind: 'saved', partner: { ...partner, name } };
    });
  }

  async enabledBundles(code: string): Promise<EnabledBundlesResult> {
    const bundles = await findEnabledBundles(this.db, code);
    return bundles ? { kind: 'found', bundles } : NOT_FOUND;
  }

  /** Enables these bundles and no others; jobs that there are already keep theirs. @param paths each once. */
  async enableBundles(actor: Actor, code: string, paths: readonly string[]): Promise<EnableBundlesResult> {
    return this.db.transaction(async (tx): Promise<EnableBundlesResult> => {
      const partner = await lockPartner(tx, code);
      if (!partner) return NOT_FOUND;
      const before = { bundles: await findEnabledBundles(tx, code) };
      await replaceEnabledBundles(tx, partner.id, paths);
      const after = { bundles: await findEnabledBundles(tx, code) };
      if (JSON.stringify(before) !== JSON.stringify(after))
        await writeAudit(tx, actor, { action: 'partner.bundles_changed', partnerId: partner.id, before, after });
      return { kind: 'saved' };
    });
  }
}
