import { en } from '../../src/client/texts/en';
import { Stage } from './support/stage';

describe('signing in and out', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.open()));
  afterAll(() => stage.close());

  it('leads through the issuer to the page that was asked for', async () => {
    const page = await (await stage.context()).newPage();
    await page.goto('/partners/demo/tenants/north/help');
    await page.getByRole('link', { name: en.signIn.with('') }).click();
    await page.locator(`form:has(input[value="${stage.userOf('north').email}"]) button`).click();
    await page.waitForURL('**/partners/demo/tenants/north/help');
    await page.getByRole('heading', { level: 1, name: en.help.title }).waitFor();
  });

  it.each(['/partners/demo/tenants/south/jobs', '/partners/other/tenants/north/jobs', '/partners/demo/tenants/nowhere/jobs'])(
    'shows staff of another tenant nothing of %s, and says the same of one that does not exist',
    async (path) => {
      const page = await stage.pageOf('north');
      await page.goto(path);
      await page.getByRole('heading', { name: en.errorPage.tenantNotFoundTitle }).waitFor();
      expect(await page.getByRole('table').count()).toBe(0);
    },
  );

  it('shows the administration to those who may use it alone', async () => {
    const [staff, operator] = await Promise.all([stage.pageOf('north'), stage.pageOf('operator')]);
    const link = { name: en.shell.administration };
    await operator.getByRole('link', link).first().waitFor();
    expect(await staff.getByRole('link', link).count()).toBe(0);
    await staff.goto('/admin/users');
    await staff.getByText(en.admin.nothingToAdminister).waitFor();
    expect(await staff.getByRole('table').count()).toBe(0);
  });

  it('ends the session on the server, so that its cookie opens nothing any more', async () => {
    const page = await stage.pageOf('south');
    const cookies = await page.context().cookies();
    await page.getByRole('button', { name: en.shell.userMenu('') }).click();
    await page.getByRole('menuitem', { name: en.shell.signOut }).click();
    // The issuer asks whether its own session is to end as well.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText(en.signIn.signedOut).waitFor();

    const thief = await stage.context();
    await thief.addCookies(cookies);
    const session = await thief.request.get('/api/session');
    expect(await session.json()).toMatchObject({ state: 'signed_out', user: null });
    const jobs = await thief.request.get('/api/partners/demo/tenants/south/jobs');
    expect(jobs.status()).toBe(401);
    // The issuer has forgotten the user too: to sign in again is to choose again.
    await page.getByRole('link', { name: en.signIn.with('') }).click();
    await page.getByRole('heading', { name: 'Sign in to Slipway' }).waitFor();
  });
});
