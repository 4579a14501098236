import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { brokenFiles, makeJob, sampleFiles } from './support/make-job';
import { accessibilityFaults, Stage } from './support/stage';

const { actions } = en.job;

/** What a person does to a job on its page. */
describe('a job', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await Stage.open();
    page = await stage.pageOf('north');
  });
  afterAll(() => stage.close());

  const button = (name: string) => page.getByRole('main').getByRole('button', { name, exact: true });
  const shows = (words: string) => page.getByRole('status').getByText(words, { exact: true }).waitFor({ timeout: 60_000 });
  const step = (name: string) =>
    page.getByRole('region', { name: en.job.tracker.label }).getByRole('listitem').filter({ hasText: name });

  async function confirm(action: { title: string; confirm: string }): Promise<void> {
    await button(action.confirm).click();
    const dialog = page.getByRole('dialog', { name: action.title });
    await dialog.getByRole('button', { name: action.confirm }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  const headingHasFocus = () => page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  const failedJob = async (): Promise<void> => {
    await page.goto(await makeJob(page, brokenFiles(), 'started'));
    await shows(en.jobs.statuses.failed);
  };

  it('that waits for its files is cancelled, once the person has confirmed it', async () => {
    await page.goto(await makeJob(page, sampleFiles(), 'created'));
    await button(actions.cancel.confirm).click();
    await page.getByRole('dialog').getByText(actions.cancel.messageBeforeStart).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: actions.cancel.dismiss }).click();
    await shows(en.jobs.statuses.created);

    await confirm(actions.cancel);
    await shows(en.jobs.statuses.cancelled);
    expect(await button(actions.cancel.confirm).count()).toBe(0);
    await step(en.job.tracker.steps.uploaded).getByText(en.job.tracker.cancelledBy('Nora North')).waitFor();
    await page.getByText(en.job.events.cancelledBy('Nora North')).waitFor();
    // Its button is gone, and the keyboard goes on from the heading.
    await headingHasFocus();
  });

  it('whose files are up is started, and has the time of each step when it has succeeded', async () => {
    await page.goto(await makeJob(page, sampleFiles(), 'uploaded'));
    await button(actions.start).click();
    await headingHasFocus();
    await shows(en.jobs.statuses.succeeded);
    const { created, uploaded, queued, running } = en.job.tracker.steps;
    for (const name of [created, uploaded, queued, running, en.jobs.statuses.succeeded])
      await step(name).locator('time').waitFor();
    // The files go by the names that people give them.
    await page.getByRole('cell', { name: 'Student roster', exact: true }).waitFor();
  });

  it('whose files are not there is not started, and says which are missing', async () => {
    await page.goto(await makeJob(page, sampleFiles(), 'created'));
    await button(actions.start).click();
    const alert = page.getByRole('alert').filter({ hasText: en.problems['files_missing']?.title });
    await alert.getByText(/^sample_results.csv/).waitFor();
    await alert.getByText(/^sample_roster.csv/).waitFor();
    await shows(en.jobs.statuses.created);
  });

  it('that failed is run again with the same files', async () => {
    await failedJob();
    await page.getByText(en.job.error.remedies.mend_file).waitFor();
    await confirm(actions.retry);
    // The first run's failure stays in the log, and that of the second joins it.
    const failures = page.getByRole('list', { name: en.job.log.title }).getByText(/^The job has failed/);
    await failures.nth(1).waitFor({ timeout: 60_000 });
    await shows(en.jobs.statuses.failed);
    expect(await failures.count()).toBe(2);
    await page.getByRole('term').filter({ hasText: en.job.details.runs }).waitFor();
  });

  it('that failed is marked as dealt with, which takes it from those that need attention, and opened again', async () => {
    await failedJob();
    const job = new URL(page.url()).pathname;
    await confirm(actions.resolve);
    await shows(en.jobs.resolved);
    await page.getByText(/Dealt with by Nora North/).waitFor();
    expect(await needsAttention(job)).toBe(false);

    await page.goto(job);
    await button(actions.reopen).click();
    await shows(en.jobs.statuses.failed);
    await page.getByText(en.job.events.reopenedBy('Nora North')).waitFor();
    expect(await needsAttention(job)).toBe(true);
  });

  async function needsAttention(job: string): Promise<boolean> {
    await page.goto('/partners/demo/tenants/north/jobs?status=attention&search=broken.csv');
    const found = page.getByRole('table', { name: en.jobs.caption }).or(page.getByText(en.jobs.nothingFoundTitle));
    await found.first().waitFor();
    return (await page.locator(`a[href="${job}"]`).count()) > 0;
  }

  it('asks in a dialog that has no fault that axe-core finds', async () => {
    await failedJob();
    await button(actions.retry.confirm).click();
    await page.getByRole('dialog', { name: actions.retry.title }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
