import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { waitFor } from '../support/wait';
import { makeJob, sampleFiles } from './support/make-job';
import { fillInJob, SAMPLES, uidOfJobPage } from './support/new-job';
import { accessibilityFaults, Stage } from './support/stage';

const { upload, unfinished } = en.newJob;

/** Jobs whose files did not all arrive, which a person comes back to. */
describe('an unfinished upload', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => void (stage = await Stage.open()));
  beforeEach(async () => void (page = await stage.pageOf('north')));
  afterAll(() => stage.close());

  const succeeds = async (): Promise<void> => {
    await uidOfJobPage(page);
    await page.getByRole('status').getByText(en.jobs.statuses.succeeded, { exact: true }).waitFor({ timeout: 60_000 });
  };
  const chooseAgain = (file: string, path: string) =>
    page.getByRole('alert').filter({ hasText: file }).locator('input[type=file]').setInputFiles(path);

  /** Of the browser's own database: the submission, and each of its files. */
  const keptEntries = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open('slipway-submissions');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const count = opening.result.transaction('submissions').objectStore('submissions').count();
            count.onerror = () => reject(count.error);
            count.onsuccess = () => resolve(count.result);
            opening.result.close();
          };
        }),
    );

  it('goes on from the page of its job, where this browser has the files', async () => {
    const storage = `${stage.connection.s3.endpoint}/**`;
    await page.route(storage, (route) => route.abort('connectionreset'));
    await fillInJob(page);
    await page.getByRole('button', { name: en.newJob.submit }).click();
    await page.waitForURL('**/jobs/new?job=*');
    const uid = new URL(page.url()).searchParams.get('job');
    // The browser keeps the files beside their upload: a page that is left before has to ask for them.
    await waitFor(async () => (await keptEntries()) === 3);
    await page.goto(`/partners/demo/tenants/north/jobs/${uid}`);
    await page.getByRole('link', { name: en.job.actions.upload }).waitFor();
    await page.unroute(storage);
    await page.getByRole('link', { name: en.job.actions.upload }).click();
    await succeeds();
  });

  it('goes on from the page of its job in another browser, which asks for the files and takes no others', async () => {
    await page.goto(await makeJob(page, sampleFiles(), 'created'));
    await page.getByRole('link', { name: en.job.actions.upload }).click();
    await page.getByText(upload.lost('sample_roster.csv', '15.8 kB')).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    await chooseAgain('Student roster', join(SAMPLES, 'sample_results.csv'));
    await page.getByText(upload.otherFile('sample_roster.csv')).waitFor();
    await chooseAgain('Student roster', join(SAMPLES, 'sample_roster.csv'));
    await page.getByText(upload.lost('sample_roster.csv', '15.8 kB')).waitFor({ state: 'detached' });
    await chooseAgain('Results', join(SAMPLES, 'sample_results.csv'));
    await succeeds();
  });

  it('of a job that takes no files any more leads to the job', async () => {
    const job = await makeJob(page, sampleFiles(), 'started');
    await page.goto(job.replace(/([^/]+)$/, 'new?job=$1'));
    await page.getByText(upload.gone).waitFor();
    await page.getByRole('link', { name: upload.toJob }).click();
    await succeeds();
  });

  it('is offered in the form for a new job, and discarded there', async () => {
    await page.route(`${stage.connection.s3.endpoint}/**`, (route) => route.abort('connectionreset'));
    await fillInJob(page, {
      results: { name: 'to_discard.csv', mimeType: 'text/csv', buffer: readFileSync(join(SAMPLES, 'sample_results.csv')) },
    });
    await page.getByRole('button', { name: en.newJob.submit }).click();
    await page.waitForURL('**/jobs/new?job=*');
    const uid = new URL(page.url()).searchParams.get('job');
    await page.goto('/partners/demo/tenants/north/jobs/new');
    await page.getByText('to_discard.csv').waitFor();
    await page.getByRole('button', { name: unfinished.discardFor('Harbor Reading') }).click();
    await page.getByRole('dialog').getByRole('button', { name: unfinished.discard }).click();
    await page.getByText('to_discard.csv').waitFor({ state: 'detached' });
    await page.goto(`/partners/demo/tenants/north/jobs/${uid}`);
    await page.getByRole('status').getByText(en.jobs.statuses.cancelled, { exact: true }).waitFor();
  });
});
