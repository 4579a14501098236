import { removeTestPostgres, testPostgres } from './global-setup';

export default async function globalTeardown(): Promise<void> {
  if (!testPostgres) throw new Error('global-setup.ts did not run in this process');
  await removeTestPostgres(testPostgres);
}
