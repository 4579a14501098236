import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { BundleRegistryService } from './bundles/bundle-registry.service';
import { loadConfig } from './platform/config/load-config';
import type { BundleSettings } from './platform/config/settings';
import { createDataSource } from './platform/database/data-source';
import { runProgram } from './platform/run-program';
import { provision } from './tenancy/provision';
import { parseProvisionDocument } from './tenancy/provision-document';

/** `provision -- FILE`: adds the partners, tenants, school years, bundles and operators of a YAML file. */
runProgram(async () => {
  // The last line says what was done, or why not; what the registry logs on the way says it again.
  Logger.overrideLogger(false);
  const [file] = process.argv.slice(2);
  if (!file) throw new Error('Usage: npm run provision -- FILE.yaml');
  const config = loadConfig(process.env, 'provision');
  const document = parseProvisionDocument(await readFile(file, 'utf8'));
  const needsRegistry = document.partners.some((partner) => partner.bundles === 'all');
  const bundles = needsRegistry ? await readRegistry(config.bundles) : null;
  const db = await createDataSource(config.database.url).initialize();
  try {
    const [{ partners }] = await db.query(`SELECT to_regclass('partner') AS partners`);
    if (partners === null) throw new Error('The database has no schema yet: run npm run migration:run first.');
    const added = await provision(db, document, bundles);
    console.log(
      `Added ${added.partners} partners, ${added.tenants} tenants, ${added.schoolYears} school years, ${added.bundles} bundles and ${added.operators} operators.`,
    );
  } finally {
    await db.destroy();
  }
});

async function readRegistry(settings: BundleSettings): Promise<string[]> {
  if (!settings.registry) throw new Error('The file has "bundles: all", so BUNDLE_REGISTRY has to be set.');
  const registry = new BundleRegistryService(settings);
  const state = await registry.refresh();
  await registry.onModuleDestroy();
  if (!registry.isLoaded()) throw new Error(`The bundle registry cannot be read: ${state.problem}`);
  return registry.list().map((bundle) => bundle.path);
}
