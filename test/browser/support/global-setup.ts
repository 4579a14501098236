import { chromium, type BrowserServer } from 'playwright-core';
import { buildPrograms, makeLocalDirectory, startLocalMode, type RunningLocalMode } from '../../support/local-mode';
import { chromiumPath } from './chromium';

/** How the test files find what runs for all of them. */
export const BROWSER_VARIABLE = 'SLIPWAY_TEST_BROWSER';
export const CONNECTION_VARIABLE = 'SLIPWAY_TEST_CONNECTION';

export interface Running {
  readonly place: ReturnType<typeof makeLocalDirectory>;
  readonly local: RunningLocalMode;
  readonly browser: BrowserServer;
}
export let running: Running | undefined;

/** One Slipway in local mode, as `npm start` runs it, and one browser for all files of a jest run. */
export default async function globalSetup(): Promise<void> {
  buildPrograms();
  const place = makeLocalDirectory();
  const local = await startLocalMode(place.directory);
  const browser = await chromium.launchServer({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-dev-shm-usage'],
  });
  running = { place, local, browser };
  process.env[BROWSER_VARIABLE] = browser.wsEndpoint();
  process.env[CONNECTION_VARIABLE] = JSON.stringify(local.connection);
}
