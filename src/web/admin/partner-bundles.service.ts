import { Injectable } from '@nestjs/common';
import { BundleRegistryService } from '../../bundles/bundle-registry.service';
import type { Actor } from '../../tenancy/audit';
import type { Precondition, PreconditionFailed } from '../../tenancy/entity-tag';
import { PartnersService } from '../../tenancy/partners.service';

export interface PartnerBundleView {
  readonly path: string;
  /** null: the registry no longer has it. */
  readonly displayName: string | null;
  readonly version: string | null;
  readonly enabled: boolean;
}

interface Unavailable {
  kind: 'bundle_registry_unavailable';
}
interface PartnerNotFound {
  kind: 'partner_not_found';
}
export type ListPartnerBundlesResult =
  { kind: 'found'; bundles: readonly PartnerBundleView[]; etag: string } | PartnerNotFound | Unavailable;
export type SetPartnerBundlesResult =
  | ListPartnerBundlesResult
  | PreconditionFailed
  /** Neither does the registry have them nor are they enabled; by their places in what was asked for. */
  | { kind: 'bundle_not_found'; indexes: readonly number[] };

/** What the registry has, beside what is enabled for a partner. */
@Injectable()
export class PartnerBundles {
  constructor(
    private readonly partners: PartnersService,
    private readonly registry: BundleRegistryService,
  ) {}

  /** In the registry's order; those that it no longer has come last. */
  async list(partner: string): Promise<ListPartnerBundlesResult> {
    if (!this.registry.isLoaded()) return { kind: 'bundle_registry_unavailable' };
    const result = await this.partners.enabledBundles(partner);
    if (result.kind !== 'found') return result;
    const enabled = new Set(result.bundles);
    const known = this.registry.list().map(({ path, displayName, version }) => ({
      path,
      displayName,
      version,
      enabled: enabled.delete(path),
    }));
    const gone = [...enabled].map((path) => ({ path, displayName: null, version: null, enabled: true }));
    return { kind: 'found', bundles: [...known, ...gone], etag: result.etag };
  }

  /** Enables these and no others. One that is enabled may stay so though the registry no longer has it. */
  async set(
    actor: Actor,
    partner: string,
    paths: readonly string[],
    precondition: Precondition,
  ): Promise<SetPartnerBundlesResult> {
    const before = await this.list(partner);
    if (before.kind !== 'found') return before;
    const known = new Set(before.bundles.map(({ path }) => path));
    const indexes = paths.flatMap((path, index) => (known.has(path) ? [] : [index]));
    if (indexes.length > 0) return { kind: 'bundle_not_found', indexes };
    const result = await this.partners.enableBundles(actor, partner, paths, precondition);
    return result.kind === 'saved' ? this.list(partner) : result;
  }
}
