import { stage } from './global-setup';

export default async function globalTeardown(): Promise<void> {
  if (!stage) throw new Error('global-setup.ts did not run in this process');
  await stage.browser.close();
  await stage.local.stop();
  stage.place.remove();
}
