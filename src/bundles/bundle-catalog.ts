import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobSettings } from '../platform/config/settings';
import type { Bundle } from './bundle';
import { BundleRegistryService } from './bundle-registry.service';
import { bundleInputSchema, type BundleInputSchema } from './input-schema';

/** A bundle as both fronts show it: what it is, and what a job has to give it. */
export type CatalogBundle = Pick<Bundle, 'path' | 'displayName' | 'version' | 'files' | 'params'> & {
  readonly schema: BundleInputSchema;
};

export type ListBundlesResult =
  { kind: 'found'; bundles: readonly CatalogBundle[] } | { kind: 'bundle_registry_unavailable' };
export type FindBundleResult =
  { kind: 'found'; bundle: CatalogBundle } | { kind: 'bundle_not_found' } | { kind: 'bundle_registry_unavailable' };

/** Which bundles somebody may use: those of the registry that are enabled for at least one of their partners. */
@Injectable()
export class BundleCatalog {
  constructor(
    private readonly db: DataSource,
    private readonly registry: BundleRegistryService,
    private readonly settings: JobSettings,
  ) {}

  /** In the registry's order. */
  async list(partners: readonly string[]): Promise<ListBundlesResult> {
    if (!this.registry.isLoaded()) return { kind: 'bundle_registry_unavailable' };
    const enabled = new Set(await findEnabledPaths(this.db, partners));
    const bundles = this.registry.list().filter(({ path }) => enabled.has(path));
    return { kind: 'found', bundles: bundles.map((bundle) => this.toCatalog(bundle)) };
  }

  async find(partners: readonly string[], path: string): Promise<FindBundleResult> {
    if (!this.registry.isLoaded()) return { kind: 'bundle_registry_unavailable' };
    const bundle = this.registry.find(path);
    // Also what is none at all is looked for, so that the time tells nothing about the registry.
    const isEnabled = (await findEnabledPaths(this.db, partners)).includes(path);
    return bundle && isEnabled ? { kind: 'found', bundle: this.toCatalog(bundle) } : { kind: 'bundle_not_found' };
  }

  private toCatalog(bundle: Bundle): CatalogBundle {
    const { path, displayName, version, files, params } = bundle;
    return { path, displayName, version, files, params, schema: bundleInputSchema(bundle, this.settings) };
  }
}

async function findEnabledPaths(db: DataSource, partners: readonly string[]): Promise<string[]> {
  const rows: { path: string }[] = await db.query(
    `SELECT DISTINCT b.bundle_path AS path FROM partner_bundle b JOIN partner ON partner.id = b.partner_id WHERE partner.code = ANY ($1)`,
    [partners],
  );
  return rows.map(({ path }) => path);
}
