import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobSettings } from '../platform/config/settings';
import type { Bundle, BundleParam, LoadedBundle } from './bundle';
import type { BundleAbout } from './bundle-about';
import { BundleRegistryService } from './bundle-registry.service';
import { SCHOOL_YEAR_PARAM, STUDENT_ID_PARAM } from './validate-input';
import { bundleInputSchema, type BundleInputSchema } from './input-schema';

/** A bundle as both fronts show it: what it is, and what a job has to give it. */
export type CatalogBundle = Pick<Bundle, 'path' | 'displayName' | 'version' | 'files' | 'params'> & {
  readonly schema: BundleInputSchema;
};

export type ListBundlesResult =
  { kind: 'found'; bundles: readonly CatalogBundle[] } | { kind: 'bundle_registry_unavailable' };
export type FindBundleResult =
  { kind: 'found'; bundle: CatalogBundle } | { kind: 'bundle_not_found' } | { kind: 'bundle_registry_unavailable' };

/** A bundle as people choose it. */
export type DescribedBundle = Pick<Bundle, 'path' | 'displayName' | 'version' | 'files'> & {
  /** Those that a person gives: without the school year, which a job has anyway. */
  readonly params: readonly (BundleParam & { readonly default: string | null })[];
  readonly about: BundleAbout;
};

export type ListDescribedBundlesResult =
  { kind: 'found'; bundles: readonly DescribedBundle[] } | { kind: 'bundle_registry_unavailable' };
export type FindDescribedBundleResult =
  { kind: 'found'; bundle: DescribedBundle } | { kind: 'bundle_not_found' } | { kind: 'bundle_registry_unavailable' };

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

  /** As in `list`, with what the bundle says of itself; for people, who may also give what only the YAML tells of. */
  async listWithAbout(partners: readonly string[]): Promise<ListDescribedBundlesResult> {
    if (!this.registry.isLoaded()) return { kind: 'bundle_registry_unavailable' };
    const enabled = new Set(await findEnabledPaths(this.db, partners));
    return { kind: 'found', bundles: this.registry.list().filter(({ path }) => enabled.has(path)).map(toDescribed) };
  }

  async findWithAbout(partners: readonly string[], path: string): Promise<FindDescribedBundleResult> {
    const result = await this.listWithAbout(partners);
    if (result.kind !== 'found') return result;
    const bundle = result.bundles.find((candidate) => candidate.path === path);
    return bundle ? { kind: 'found', bundle } : { kind: 'bundle_not_found' };
  }

  /** What people call a bundle, also one that is no longer enabled; null where the registry has none at the path. */
  displayName(path: string): string | null {
    return this.registry.find(path)?.displayName ?? null;
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

function toDescribed({ path, displayName, version, files, params, acceptsStudentIdName, about }: LoadedBundle): DescribedBundle {
  const given = [...params.filter(({ envVar }) => envVar !== SCHOOL_YEAR_PARAM), ...(acceptsStudentIdName ? [STUDENT_ID_PARAM] : [])];
  const defaultOf = (name: string): string | null => (Object.hasOwn(about.defaults, name) ? (about.defaults[name] ?? null) : null);
  return { path, displayName, version, files, params: given.map((param) => ({ ...param, default: defaultOf(param.envVar) })), about };
}

async function findEnabledPaths(db: DataSource, partners: readonly string[]): Promise<string[]> {
  const rows: { path: string }[] = await db.query(
    `SELECT DISTINCT b.bundle_path AS path FROM partner_bundle b JOIN partner ON partner.id = b.partner_id WHERE partner.code = ANY ($1)`,
    [partners],
  );
  return rows.map(({ path }) => path);
}
