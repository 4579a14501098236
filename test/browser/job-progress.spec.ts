import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { waitFor } from '../support/wait';
import { makeJob, sampleFiles } from './support/make-job';
import { largeResults } from './support/new-job';
import { Stage } from './support/stage';

const { log, tracker, actions } = en.job;

/** So many MiB that the run has not ended before it is cancelled here. */
const RUNS_FOR_SECONDS = 128;

/** What the page of a job shows while it runs, by itself. */
describe('a running job', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await Stage.open();
    page = await stage.pageOf('north');
  });
  afterAll(() => stage.close());

  const tells = (words: RegExp) => page.getByRole('list', { name: log.title }).getByText(words);
  const progress = () => page.getByRole('progressbar', { name: tracker.progress });

  it('shows its rows and how far it is as they grow, with its log, and is cancelled', async () => {
    const large = { name: 'large.csv', content: largeResults(RUNS_FOR_SECONDS) };
    await page.goto(await makeJob(page, { ...sampleFiles(), INPUT_FILE: large }, 'uploaded'));
    await page.getByText(log.live, { exact: true }).waitFor();
    await page.getByRole('button', { name: actions.start, exact: true }).click();

    await progress().waitFor({ timeout: 30_000 });
    const rows = page.getByRole('region', { name: tracker.label }).getByText(/[1-9][\d,]* rows read.* \d+ %/);
    await rows.waitFor({ timeout: 30_000 });
    const count = async (): Promise<number> =>
      Number(/([\d,]+) rows read/.exec((await rows.textContent()) ?? '')?.[1]?.replaceAll(',', ''));
    const first = await count();
    await waitFor(async () => (await count()) > first, { deadlineMs: 15_000 });
    await tells(/[1-9][\d,]* rows read/)
      .first()
      .waitFor();
    await tells(new RegExp(en.job.events.started)).waitFor();

    await page.getByRole('button', { name: actions.cancel.confirm }).click();
    await page.getByRole('dialog').getByRole('button', { name: actions.cancel.confirm }).click();
    await page.getByRole('status').getByText(en.jobs.statuses.cancelled, { exact: true }).waitFor();
    await tells(new RegExp(en.job.events.cancelled)).waitFor();
    await progress().waitFor({ state: 'detached' });
    expect(await page.getByText(log.live, { exact: true }).count()).toBe(0);
  });
});
