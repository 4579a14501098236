import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { testPostgres } from './global-setup';

export default async function globalTeardown(): Promise<void> {
  if (!testPostgres) throw new Error('global-setup.ts did not run in this process');
  const { server, directory } = testPostgres;
  await server.stop();
  await Promise.all([directory, path.dirname(server.data)].map((each) => rm(each, { recursive: true, force: true })));
}
