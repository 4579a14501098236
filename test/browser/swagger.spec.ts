import type { Locator, Page } from 'playwright-core';
import { clientCredentials } from '../../clients/typescript/client-credentials';
import { Stage } from './support/stage';

/** Swagger UI takes seconds to draw everything at once, more while other tests run. */
const EXPAND_MS = 90_000;

/** The documentation of both APIs: what a developer opens first, and tries the API with. */
describe('Swagger UI', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.open()));
  afterAll(() => stage.close());

  /** The page of one API, with whatever a browser's console has against it. */
  async function open(page: Page, title: string): Promise<string[]> {
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    await page.goto('/docs');
    await page.getByLabel('Select a definition').selectOption({ label: title });
    await page.getByRole('heading', { name: `Slipway ${title.replace(/ v1$/, '')}` }).waitFor();
    await page.locator('.opblock').first().waitFor();
    return complaints;
  }

  /** Sends an operation as it is shown, with what is filled in, and gives the answer's status and body. */
  async function tryOut(page: Page, id: string, fields: Record<string, string> = {}): Promise<[string, unknown]> {
    const operation = page.locator(`.opblock[id$="-${id}"]`);
    if (!(await operation.locator('.opblock-body').isVisible())) await operation.locator('.opblock-summary-control').click();
    const tryIt = operation.getByRole('button', { name: 'Try it out' });
    if (await tryIt.isVisible()) await tryIt.click();
    for (const [name, value] of Object.entries(fields))
      await operation.locator(`tr[data-param-name="${name}"] input`).fill(value);
    const answered = page.waitForResponse((response) => /^\/(v1|api)\//.test(new URL(response.url()).pathname));
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = await answered;
    const shown: Locator = operation
      .locator('.live-responses-table .response-col_status')
      .filter({ hasText: String(answer.status()) });
    await shown.waitFor();
    return [String(answer.status()), await answer.json()];
  }

  it.each([
    ['External API v1', 22],
    ['Web API', 50],
  ])('shows each operation of the %s, with nothing that the browser refuses', async (title, atLeast) => {
    const page = await (await stage.context()).newPage();
    const complaints = await open(page, title);
    const operations = page.locator('.opblock');
    const count = await operations.count();
    expect(count).toBeGreaterThanOrEqual(atLeast);
    await page
      .locator('.opblock-summary-control')
      .evaluateAll((all) => all.forEach((summary) => (summary as HTMLElement).click()));
    await page.waitForFunction((all) => document.querySelectorAll('.opblock-body .responses-inner').length === all, count, {
      timeout: EXPAND_MS,
    });
    // An example that Swagger UI makes up has this name.
    expect(await page.getByText('additionalProp1').count()).toBe(0);
    expect([complaints, stage.complaints]).toEqual([[], []]);
  });

  it('shows the problem of each code', async () => {
    const page = await (await stage.context()).newPage();
    await open(page, 'External API v1');
    const create = page.locator('.opblock[id$="-createJob"]');
    await create.locator('.opblock-summary-control').click();
    const response = create.locator('tr.response[data-code="401"]');
    await response.locator('select.examples-select-element').selectOption('token_expired');
    await response.locator('.highlight-code', { hasText: 'urn:slipway:problem:token_expired' }).waitFor();
  });

  it('creates a job with a token and the example as it is, twice, and lists both', async () => {
    const page = await (await stage.context()).newPage();
    const complaints = await open(page, 'External API v1');
    const { tokenEndpoint = '', clients } = stage.connection;
    const token = clientCredentials({ tokenEndpoint, ...clients![0]! });
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.locator('.modal-ux input').fill(await token());
    await page.locator('.modal-ux').getByRole('button', { name: 'Apply credentials' }).click();
    await page.locator('.modal-ux').getByRole('button', { name: 'Close' }).click();

    const [first, second] = [await tryOut(page, 'createJob'), await tryOut(page, 'createJob')];
    const uids = [first, second].map(([, job]) => (job as { uid: string }).uid);
    expect([first[0], second[0], new Set(uids).size]).toEqual(['201', '201', 2]);
    const [status, list] = await tryOut(page, 'listJobs');
    expect([status, (list as { items: { uid: string }[] }).items.map(({ uid }) => uid)]).toEqual([
      '200',
      expect.arrayContaining(uids),
    ]);
    // What is in the path may have slashes.
    expect((await tryOut(page, 'getBundle'))[1]).toMatchObject({ path: 'assessments/Harbor_Reading' });
    expect(complaints).toEqual([]);
  });

  it('tries the Web API in the session of whoever has signed in, changes included', async () => {
    const page = await stage.pageOf('north');
    const complaints = await open(page, 'Web API');
    const [status, job] = await tryOut(page, 'createTenantJob');
    expect([status, job]).toEqual(['201', expect.objectContaining({ status: 'created' })]);
    expect(await tryOut(page, 'cancelTenantJob', { uid: (job as { uid: string }).uid })).toEqual([
      '202',
      expect.objectContaining({ status: 'cancelled' }),
    ]);
    expect(complaints).toEqual([]);
  });
});
