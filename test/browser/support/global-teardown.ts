import { running } from './global-setup';

export default async function globalTeardown(): Promise<void> {
  if (!running) throw new Error('global-setup.ts did not run in this process');
  await running.browser.close();
  await running.local.stop();
  running.place.remove();
}
