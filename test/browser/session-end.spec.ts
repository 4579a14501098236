import { setTimeout as delay } from 'node:timers/promises';
import type { Page, Request } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { makeJob, sampleFiles } from './support/make-job';
import { fillInJob, submit, uidOfJobPage } from './support/new-job';
import { accessibilityFaults, pictureFor, Stage } from './support/stage';

const LIST = '/partners/demo/tenants/north/jobs';
const { again } = en.signIn;

describe('a page that is left open', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.open()));
  afterAll(() => stage.close());

  const isUnattended = (request: Request): boolean => request.headers()['slipway-unattended'] === 'true';
  /** The next time that the page asks for the list of jobs. */
  const nextList = (page: Page): Promise<Request> =>
    page.waitForRequest((request) => new URL(request.url()).pathname === `/api${LIST}`);

  it('says of what it fetches for itself that no person asked, and not of what a person does', async () => {
    const page = await stage.pageOf('north');
    await page.clock.install();
    await makeJob(page, sampleFiles(), 'created');
    const first = nextList(page);
    await page.goto(LIST);
    expect(isUnattended(await first)).toBe(false);
    await page.getByRole('table', { name: en.jobs.caption }).waitFor();

    await page.clock.fastForward(31_000);
    const refetch = nextList(page);
    await makeJob(page, sampleFiles(), 'created');
    expect(isUnattended(await refetch)).toBe(true);

    const search = nextList(page);
    await page.getByRole('searchbox', { name: en.common.search }).fill('sample');
    await page.keyboard.press('Enter');
    expect(isUnattended(await search)).toBe(false);

    // Whose work asks for nothing is there all the same.
    await page.clock.fastForward(61_000);
    const told = page.waitForRequest('**/api/session');
    await page.keyboard.press('Shift');
    expect(isUnattended(await told)).toBe(false);
  });
});

/** Time goes by, or somebody ends it elsewhere. */
describe('when the session ends under a page', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => void (stage = await Stage.open()));
  beforeEach(async () => void (page = await stage.pageOf('north')));
  afterAll(() => stage.close());

  const cover = () => page.getByRole('dialog', { name: again.title });
  const endSession = async (): Promise<void> => {
    const answer = await page.request.post('/api/auth/logout', { headers: { origin: stage.url } });
    expect(answer.ok()).toBe(true);
  };
  /** @returns the tab in which one does so. */
  const openSignIn = async (): Promise<Page> => {
    const opened = page.context().waitForEvent('page');
    await cover()
      .getByRole('link', { name: en.signIn.with('') })
      .click();
    return opened;
  };
  /** As whom the issuer knows still. */
  const signInAgain = async (): Promise<void> => {
    const other = await openSignIn();
    await other.getByRole('heading', { level: 1, name: again.doneTitle }).waitFor();
    await other.close();
  };

  it('what was typed and chosen stays until one has signed in again', async () => {
    await page.goto(LIST);
    await fillInJob(page);
    await endSession();
    await page.getByRole('button', { name: en.newJob.submit }).click();
    await cover().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [size, width] of [
        ['wide', 1280],
        ['narrow', 360],
      ] as const) {
        await page.setViewportSize({ width, height: 800 });
        await pictureFor(page, `signed-out-${size}-${colorScheme}`);
        expect(await accessibilityFaults(page)).toEqual([]);
      }
    }
    // Nothing of the page is to be seen.
    const uncovered = await page.evaluate(() => {
      const { document, innerWidth, innerHeight } = globalThis;
      const points = [1, innerWidth / 2, innerWidth - 1].flatMap((x) => [1, innerHeight / 2, innerHeight - 1].map((y) => [x, y]));
      return points.filter(([x = 0, y = 0]) => !document.elementFromPoint(x, y)?.closest('[role=dialog]'));
    });
    expect(uncovered).toEqual([]);

    await signInAgain();
    await cover().waitFor({ state: 'detached' });
    await submit(page);
    await page.getByRole('status').getByText(en.jobs.statuses.succeeded, { exact: true }).waitFor({ timeout: 60_000 });
  });

  it('an upload goes on by itself once one has signed in again', async () => {
    await page.goto(LIST);
    await fillInJob(page);
    let ended = 0;
    await page.route('**/upload-urls', async (route) => {
      if (ended++ === 0) await endSession();
      await route.continue();
    });
    await page.getByRole('button', { name: en.newJob.submit }).click();
    await cover().waitFor();
    await signInAgain();
    await uidOfJobPage(page);
    await page.getByRole('status').getByText(en.jobs.statuses.succeeded, { exact: true }).waitFor({ timeout: 60_000 });
  });

  it('a page that nobody touches learns it from its stream', async () => {
    await page.goto(LIST);
    await page.getByRole('table', { name: en.jobs.caption }).waitFor();
    await endSession();
    // The server ends the stream within a minute.
    await cover().waitFor({ timeout: 60_000 });
  });

  it('somebody else who signs in finds nothing of it', async () => {
    await page.goto(LIST);
    await fillInJob(page);
    await endSession();
    await page.getByRole('button', { name: en.newJob.submit }).click();
    await cover().waitFor();
    await page.context().clearCookies();
    const visited: string[] = [];
    page.on('framenavigated', (frame) => visited.push(new URL(frame.url()).pathname));
    // A server that takes its time gives the page some to go elsewhere.
    await page.route(`${stage.url}/`, async (route) => {
      await delay(500);
      await route.continue();
    });
    const other = await openSignIn();
    await other.locator(`form:has(input[value="${stage.userOf('south').email}"]) button`).click();
    await other.getByRole('heading', { level: 1, name: again.doneTitle }).waitFor();
    await other.close();
    await page.waitForURL('**/partners/demo/tenants/south/jobs');
    await page.getByRole('heading', { level: 1, name: en.jobs.title }).waitFor();
    expect(await cover().count()).toBe(0);
    // Nor comes by it on the way.
    expect(visited.filter((path) => path !== '/' && !path.startsWith('/partners/demo/tenants/south/'))).toEqual([]);
  });

  it('by signing out in another tab, it goes to the sign-in page', async () => {
    await page.goto(LIST);
    const other = await page.context().newPage();
    await other.goto(LIST);
    await other.getByRole('button', { name: en.shell.userMenu('') }).click();
    await other.getByRole('menuitem', { name: en.shell.signOut }).click();
    await page.waitForURL('**/sign-in');
    expect(await cover().count()).toBe(0);
  });
});
