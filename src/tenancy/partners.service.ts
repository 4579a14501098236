import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit, type Actor } from './audit';
import { findLastEditor } from './audit.queries';
import { matchedTags, type Precondition, type PreconditionFailed } from './entity-tag';
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
  type EnabledBundles,
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
export type RenamePartnerResult = { kind: 'saved'; partner: PartnerView } | PartnerNotFound | PreconditionFailed;
export type EnabledBundlesResult = ({ kind: 'found' } & EnabledBundles) | PartnerNotFound;
export type EnableBundlesResult = { kind: 'saved' } | PartnerNotFound | PreconditionFailed;

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
      const partnerId = await insertPartner(tx, code, name);
      if (partnerId === null) return { kind: 'code_taken' };
      await writeAudit(tx, actor, { action: 'partner.created', partnerId, before: null, after: { code, name } });
      const partner = await findPartner(tx, code);
      if (!partner) throw new Error('a new partner is gone');
      return { kind: 'saved', partner };
    });
  }

  async rename(actor: Actor, code: string, name: string, precondition: Precondition): Promise<RenamePartnerResult> {
    return this.db.transaction(async (tx): Promise<RenamePartnerResult> => {
      const partner = await lockPartner(tx, code);
      if (!partner) return NOT_FOUND;
      if (partner.name === name) return { kind: 'saved', partner };
      const subject = { partnerId: partner.id };
      const renamed = await renamePartner(tx, partner.id, name, matchedTags(precondition));
      if (!renamed) {
        const editor = await findLastEditor(tx, ['partner.created', 'partner.renamed'], subject);
        return { kind: 'precondition_failed', editor };
      }
      await writeAudit(tx, actor, { action: 'partner.renamed', ...subject, before: { name: partner.name }, after: { name } });
      return { kind: 'saved', partner: renamed };
    });
  }

  async enabledBundles(code: string): Promise<EnabledBundlesResult> {
    const enabled = await findEnabledBundles(this.db, code);
    return enabled ? { kind: 'found', ...enabled } : NOT_FOUND;
  }

  /** Enables these bundles and no others; jobs that there are already keep theirs. @param paths each once. */
  async enableBundles(
    actor: Actor,
    code: string,
    paths: readonly string[],
    precondition: Precondition,
  ): Promise<EnableBundlesResult> {
    return this.db.transaction(async (tx): Promise<EnableBundlesResult> => {
      const partner = await lockPartner(tx, code);
      if (!partner) return NOT_FOUND;
      const { bundles } = (await findEnabledBundles(tx, code)) ?? { bundles: [] };
      if (isSameSet(bundles, paths)) return { kind: 'saved' };
      const subject = { partnerId: partner.id };
      if (!(await replaceEnabledBundles(tx, partner.id, paths, matchedTags(precondition))))
        return { kind: 'precondition_failed', editor: await findLastEditor(tx, ['partner.bundles_changed'], subject) };
      const after = { bundles: (await findEnabledBundles(tx, code))?.bundles };
      await writeAudit(tx, actor, { action: 'partner.bundles_changed', ...subject, before: { bundles }, after });
      return { kind: 'saved' };
    });
  }
}

/** @param paths each once, both of them. */
const isSameSet = (paths: readonly string[], others: readonly string[]): boolean =>
  paths.length === others.length && paths.every((path) => others.includes(path));
