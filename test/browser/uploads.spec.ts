import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { waitFor } from '../support/wait';
import { fillInJob, largeResults, SAMPLES, submit, uidOfJobPage, type Upload } from './support/new-job';
import { Stage } from './support/stage';

/** The connection to storage is cut on purpose; everything else is as it is. */
describe('an upload', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => void (stage = await Stage.open()));
  beforeEach(async () => void (page = await stage.pageOf('south')));
  afterAll(() => stage.close());

  /** Lets so many PUTs through to storage, and cuts off those that follow. `sent` are those that have their answer. */
  async function cutOffAfter(puts: number): Promise<{ mend(): Promise<void>; sent: string[] }> {
    const sent: string[] = [];
    page.on('requestfinished', (request) => request.method() === 'PUT' && sent.push(request.url()));
    const storage = `${stage.connection.s3.endpoint}/**`;
    let left = puts;
    const cut = async (route: Route): Promise<void> => {
      if (route.request().method() !== 'PUT') return route.continue();
      return left-- <= 0 ? route.abort('connectionreset') : route.continue();
    };
    await page.context().route(storage, cut);
    return { sent, mend: () => page.context().unroute(storage, cut) };
  }

  const goesOnLater = () =>
    page
      .getByText(new RegExp(`^(${en.newJob.upload.states.retrying}|${en.newJob.upload.states.offline})$`))
      .first()
      .waitFor();

  it('goes on by itself when the connection is back', async () => {
    const connection = await cutOffAfter(0);
    await fillInJob(page);
    await page.getByRole('button', { name: en.newJob.submit }).click();
    await goesOnLater();
    await connection.mend();
    await succeeds();
  });

  it('of a large file goes on after a reload of the page, and sends nothing twice', async () => {
    const connection = await cutOffAfter(2);
    await fillInJob(page, { results: { name: 'large.csv', mimeType: 'text/csv', buffer: largeResults(24) } });
    await page.getByRole('button', { name: en.newJob.submit }).click();
    await goesOnLater();
    // A part that is on its way when the page goes is sent again.
    await waitFor(() => connection.sent.length === 2);
    const before = [...connection.sent];
    await page.reload();
    await connection.mend();

    const again: string[] = [];
    page.on('request', (request) => request.method() === 'PUT' && again.push(new URL(request.url()).search));
    const goOn = page.getByRole('button', { name: en.newJob.unfinished.goOnFor('Harbor Reading') });
    await goOn
      .or(page.getByRole('heading', { name: en.newJob.upload.title }))
      .first()
      .waitFor();
    if (await goOn.isVisible()) await goOn.click();
    await succeeds();
    const parts = (urls: readonly string[]) => urls.flatMap((url) => /partNumber=\d+/.exec(url) ?? []);
    expect(parts(before).length).toBeGreaterThan(0);
    expect(parts(again).filter((part) => parts(before).includes(part))).toEqual([]);
  });

  async function succeeds(): Promise<void> {
    await uidOfJobPage(page);
    const done = page.getByRole('main').getByText(en.jobs.statuses.succeeded, { exact: true }).first();
    await done.waitFor({ timeout: 60_000 });
  }

  it('is not begun with a file that lacks columns without a warning, nor with an empty one', async () => {
    const sample = readFileSync(join(SAMPLES, 'sample_results.csv'), 'utf8');
    const lacking: Upload = {
      name: 'lacking.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(sample.replace('Scaled Score', 'scaled_score')),
    };
    const empty: Upload = { name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.alloc(0) };
    await fillInJob(page, { results: lacking, roster: empty });
    await page.getByText(en.newJob.preview.missing).waitFor();
    await page.getByText(`Scaled Score – ${en.newJob.preview.similar('scaled_score')}`).waitFor();
    await page.getByText(en.newJob.file.faults.empty).waitFor();
    await page.getByRole('button', { name: en.newJob.submit }).click();
    await page.getByText(en.newJob.faults).waitFor();
  });

  it('cannot be followed by another tenant\u2019s user', async () => {
    await fillInJob(page);
    const uid = await submit(page);
    const stranger = await stage.pageOf('north');
    await stranger.goto(`/partners/demo/tenants/north/jobs/${uid}`);
    await stranger.getByRole('heading', { name: en.job.notFoundTitle }).waitFor();
  });
});
