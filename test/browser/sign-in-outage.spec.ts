import { en } from '../../src/client/texts/en';
import { SecondFront } from './support/second-front';
import { accessibilityFaults, pictureFor, Stage } from './support/stage';

describe('signing in while the issuer is away', () => {
  let stage: Stage;
  let front: SecondFront;
  beforeAll(async () => {
    stage = await Stage.open();
    front = await SecondFront.start(stage.connection);
  });
  afterAll(async () => {
    await stage.close();
    await front.stop();
  });

  it('says so, and goes on from there once it is back', async () => {
    await front.issuer.goDown();
    const page = await (await stage.context({ baseURL: front.url })).newPage();
    await page.goto('/sign-in?returnTo=/admin');
    const answered = page.waitForResponse('**/api/auth/login?*');
    await page.getByRole('link', { name: en.signIn.with('') }).click();
    expect((await answered).status()).toBe(503);
    await page.getByRole('heading', { level: 1, name: en.signIn.failed }).waitFor();
    await page.getByText(en.signIn.problems['login_unavailable'] ?? '').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await pictureFor(page, `sign-in-failed-${colorScheme}`);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    expect(stage.complaints).toEqual([]);

    // What the issuer answered is good for one time: after it one tries again from the beginning.
    await page.goto('/api/auth/callback?code=c&state=s');
    await page.waitForURL('**/sign-in?problem=login_expired');
    await front.issuer.comeUp();
    await page.goBack();
    const asked = page.waitForRequest((request) => request.url().startsWith(`${front.issuer.issuer}/authorize`));
    await page.getByRole('link', { name: en.common.retry }).click();
    await asked;
  });
});
