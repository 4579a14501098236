import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { PartnerProgram } from '../support/partner-program';
import { fillInJob, SAMPLES, submit } from './support/new-job';
import { pictureFor, Stage } from './support/stage';

const EXPECTED = join(__dirname, '../conformance/Harbor_Reading');

/** A person at a district, from the files to the outputs; the worker, the engine and the storage are the real ones. */
describe('a job', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await Stage.open();
    page = await stage.pageOf('north');
  });
  afterAll(() => stage.close());

  const ended = (status: keyof typeof en.jobs.statuses) =>
    page.getByRole('main').getByText(en.jobs.statuses[status], { exact: true }).first().waitFor({ timeout: 60_000 });

  it('is submitted with two files, followed to its success, and its output downloaded', async () => {
    await fillInJob(page);
    // The first rows are there to be looked at before anything is sent.
    await page.getByRole('table', { name: en.newJob.preview.caption('sample_results.csv') }).scrollIntoViewIfNeeded();
    await pictureFor(page, 'new-job-preview');
    await submit(page);
    await ended('succeeded');

    const file = 'studentAssessments.jsonl';
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: en.job.files.downloadFile(file) }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(file);
    const content = await download.createReadStream();
    expect(await buffer(content)).toEqual(gunzipSync(readFileSync(join(EXPECTED, `${file}.gz`))));
  });

  it('that fails says why, with the row and the column', async () => {
    const text = readFileSync(join(SAMPLES, 'sample_results.csv'), 'utf8');
    const lines = text.split('\n');
    lines[4] = (lines[4] ?? '').replace(/,\d+\/\d+\/2025,/, ',13/45/2025,');
    const results = { name: 'bad_date.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
    await fillInJob(page, { results });
    await submit(page);
    await ended('failed');
    const alert = page.getByRole('main').getByText(/row 4/).first();
    expect(await alert.textContent()).toContain('administration_date');
  });

  it('that a search has not come to yet is not said to be missing: looking can go on', async () => {
    const list = '**/api/partners/demo/tenants/north/jobs?*';
    // As the API answers where a tenant has more jobs than one search looks through.
    await page.route(list, (route) => {
      const isFurther = new URL(route.request().url()).searchParams.has('cursor');
      return route.fulfill({ json: { items: [], nextCursor: isFurther ? null : 'further', hasMore: !isFurther } });
    });
    await page.goto('/partners/demo/tenants/north/jobs?search=long_ago');
    await page.getByText(en.jobs.notFoundYetTitle).waitFor();
    expect(await page.getByText(en.jobs.nothingFoundTitle).count()).toBe(0);
    await page.getByRole('button', { name: en.jobs.lookFurther }).click();
    await page.getByText(en.jobs.nothingFoundTitle).waitFor();
    await page.unroute(list);
  });

  it('made through the API is in the list as such while the list is open, with the name of its client but not its id', async () => {
    const { connection } = stage;
    const client = connection.clients?.find(({ partner }) => partner === 'demo');
    const partner = PartnerProgram.signIn(
      stage.url,
      connection.tokenEndpoint ?? '',
      client?.clientId ?? '',
      client?.clientSecret ?? '',
    );
    await page.getByRole('link', { name: en.shell.jobs }).first().click();
    await page.getByRole('table', { name: en.jobs.caption }).waitFor();

    const name = `through_api_${Date.now()}.csv`;
    const answer = await partner.api.POST('/v1/jobs', {
      body: {
        ...{ partner: 'demo', tenant: 'north', bundle: 'assessments/Harbor_Reading', schoolYear: '2026', params: {} },
        files: { INPUT_FILE: name, ROSTER_FILE: 'roster.csv' },
      },
    });
    const row = page.getByRole('row', { name: new RegExp(name) });
    await row.waitFor();
    const shown = (await row.textContent()) ?? '';
    expect(shown).toContain(en.jobs.apiInitiated);
    expect(shown).toContain("Demo Partner's system");
    const seen = await page.request.get(`/api/partners/demo/tenants/north/jobs/${answer.data?.uid}`);
    expect(await seen.text()).not.toContain('demo-client');
  });
});
