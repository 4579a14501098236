import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { makeJob, sampleFiles } from './support/make-job';
import { largeResults } from './support/new-job';
import { Stage } from './support/stage';

const { log, tracker, actions } = en.job;

/** So large that its run shows several times how far it is. */
const LARGE_MIB = 160;

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

  // Cancelled as soon as it runs, so that it has not ended by then; the retry goes over the same large file.
  it('is cancelled, and run again shows its rows and how far it is as they grow, with its log', async () => {
    const large = { name: 'large.csv', content: largeResults(LARGE_MIB) };
    await page.goto(await makeJob(page, { ...sampleFiles(), INPUT_FILE: large }, 'uploaded'));
    await page.getByText(log.live, { exact: true }).waitFor();
    await page.getByRole('button', { name: actions.start, exact: true }).click();
    await progress().waitFor();
    await confirmed(actions.cancel.confirm);
    await page.getByRole('status').getByText(en.jobs.statuses.cancelled, { exact: true }).waitFor();
    await tells(new RegExp(en.job.events.cancelled)).waitFor();
    await progress().waitFor({ state: 'detached' });
    expect(await page.getByText(log.live, { exact: true }).count()).toBe(0);

    await confirmed(actions.retry.confirm);
    await progress().waitFor();
    const rows = /[1-9][\d,]* rows read/;
    await page
      .getByRole('region', { name: tracker.label })
      .getByText(new RegExp(`${rows.source}.* \\d+ %`))
      .waitFor();
    // The log keeps what the tracker said while the run was under way, so it does not matter how soon that ends.
    await tells(rows).nth(1).waitFor();
    const told = await tells(rows).allInnerTexts();
    const counts = told.map((text) => Number(/([\d,]+) rows read/.exec(text)?.[1]?.replaceAll(',', '')));
    expect(new Set(counts).size).toBeGreaterThan(1);
    await tells(new RegExp(en.job.events.started)).first().waitFor();
  });

  async function confirmed(action: string): Promise<void> {
    await page.getByRole('button', { name: action }).click();
    await page.getByRole('dialog').getByRole('button', { name: action }).click();
  }
});
