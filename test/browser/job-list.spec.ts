import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { waitFor } from '../support/wait';
import { brokenFiles, makeJob, sampleFiles, type JobFiles } from './support/make-job';
import { Stage } from './support/stage';

const { filters, statistics } = en.jobs;
const LIST = '/partners/demo/tenants/north/jobs';

/** Finding one's way in the list. */
describe('the list of jobs', () => {
  let stage: Stage;
  let page: Page;
  /** Of jobs of this file alone. */
  const mark = `list_${Date.now()}`;
  const [waiting, failed] = [`${mark}_waiting.csv`, `${mark}_failed.csv`];
  const named = (files: JobFiles, name: string): JobFiles => ({ ...files, INPUT_FILE: { ...files.INPUT_FILE, name } });
  beforeAll(async () => {
    stage = await Stage.open();
    page = await stage.pageOf('north');
    await page.goto(await makeJob(page, named(brokenFiles(), failed), 'started'));
    await page.getByRole('status').getByText(en.jobs.statuses.failed, { exact: true }).waitFor({ timeout: 60_000 });
    await makeJob(page, named(sampleFiles(), waiting), 'created');
  });
  beforeEach(async () => {
    await page.goto(LIST);
    await page.getByRole('table', { name: en.jobs.caption }).waitFor();
  });
  afterAll(() => stage.close());

  const search = () => page.getByRole('searchbox', { name: en.common.search });
  const select = (name: string) => page.getByRole('combobox', { name, exact: true });
  const inAddress = (expected: Record<string, string>) =>
    page.waitForURL((url) => JSON.stringify(Object.fromEntries(url.searchParams)) === JSON.stringify(expected));
  /** The files of the jobs that are shown come to be these, in this order. */
  const lists = (...names: string[]) =>
    waitFor(async () => {
      const shown = await page.getByRole('table', { name: en.jobs.caption }).getByRole('link').allTextContents();
      return shown.map((text) => text.split(', ')[0]).join() === names.join();
    });

  it('says how long to wait where one has asked for too much', async () => {
    const refusal = { code: 'rate_limited', detail: 'This user sends too many requests.' };
    await page.route(`**/api${LIST}?*`, (route) =>
      route.fulfill({ status: 429, headers: { 'Retry-After': '7' }, contentType: 'application/problem+json', json: refusal }),
    );
    await page.reload();
    await page.getByText(en.common.retryIn(7)).waitFor();
    await page.unroute(`**/api${LIST}?*`);
  });

  it('keeps search, status and order in the address over a reload', async () => {
    await search().fill(mark);
    await lists(waiting, failed);
    await select(filters.sort).selectOption('createdAt');
    await lists(failed, waiting);
    await select(filters.status).selectOption('created');
    await lists(waiting);
    await inAddress({ search: mark, status: 'created', sort: 'createdAt' });

    await page.reload();
    await lists(waiting);
    expect(await search().inputValue()).toBe(mark);
    expect(await select(filters.status).inputValue()).toBe('created');
    expect(await select(filters.sort).inputValue()).toBe('createdAt');
  });

  it('goes back and forward through what was chosen', async () => {
    await search().fill(mark);
    await lists(waiting, failed);
    await select(filters.status).selectOption('failed');
    await lists(failed);
    await page.goBack();
    await lists(waiting, failed);
    expect(await select(filters.status).inputValue()).toBe('');
    expect(await search().inputValue()).toBe(mark);
    await page.goForward();
    await lists(failed);
  });

  it.each([
    ['the link to all jobs', () => page.getByRole('link', { name: en.job.back }).click()],
    ["the browser's back button", () => page.goBack()],
  ])('is as it was after a visit of a job, by %s', async (_name, back) => {
    await page.goto(`${LIST}?search=${mark}&status=attention`);
    await lists(failed);
    await page.getByRole('link', { name: failed }).click();
    await page.getByRole('heading', { level: 1, name: failed }).waitFor();
    await back();
    await lists(failed);
    await inAddress({ search: mark, status: 'attention' });
  });

  it('has further filters, which are counted and cleared together', async () => {
    await search().fill(mark);
    await page.getByRole('button', { name: filters.more, exact: true }).click();
    await select(filters.bundle).selectOption({ label: 'Quarrystone Math' });
    await page.getByText(en.jobs.nothingFoundTitle).waitFor();
    await select(filters.bundle).selectOption({ label: 'Harbor Reading' });
    await select(filters.origin).selectOption({ label: filters.origins.web });
    await page.getByRole('button', { name: filters.moreCount(2) }).waitFor();
    await lists(waiting, failed);
    // Nobody has submitted anything from then on.
    const dayAfterNext = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
    await page.getByLabel(filters.from, { exact: true }).fill(dayAfterNext);
    await page.getByText(en.jobs.nothingFoundTitle).waitFor();
    await page.getByRole('button', { name: filters.clear }).first().click();
    await inAddress({});
    await waitFor(async () => (await search().inputValue()) === '');
  });

  it('has a chart of the last 30 days, whose figures are a table too', async () => {
    const chart = page.getByRole('img', { name: /^Chart of jobs per day/ });
    await chart.waitFor();
    const size = await chart.boundingBox();
    expect(size?.height).toBeGreaterThan(100);
    expect(size?.width).toBeGreaterThan(400);
    expect(await chart.locator('polyline').getAttribute('points')).toMatch(/^(\S+ ){29}\S+$/);
    await page.getByText(statistics.asTable).click();
    const today = page
      .getByRole('table', { name: statistics.title(30) })
      .getByRole('row')
      .nth(1);
    const [, submitted, , unsuccessful] = await today.getByRole('cell').allTextContents();
    expect(Number(submitted)).toBeGreaterThanOrEqual(2);
    expect(Number(unsuccessful)).toBeGreaterThanOrEqual(1);
  });
});
