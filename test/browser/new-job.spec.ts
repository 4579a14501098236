import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { waitFor } from '../support/wait';
import { workbook } from '../support/workbook';
import { chooseBundle, chooseFile, chooseYear, fillInJob, SAMPLES, submit, uidOfJobPage, type Upload } from './support/new-job';
import { accessibilityFaults, Stage } from './support/stage';

const RESULTS = join(SAMPLES, 'sample_results.csv');
const ROSTER = join(SAMPLES, 'sample_roster.csv');
const { preview } = en.newJob;

/** The form, before anything is sent. */
describe('a new job', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => void (stage = await Stage.open()));
  beforeEach(async () => void (page = await stage.pageOf('operator')));
  afterAll(() => stage.close());

  const formOf = (tenant: string, search = '') => page.goto(`/partners/demo/tenants/${tenant}/jobs/new${search}`);
  const table = (file: string) => page.getByRole('table', { name: preview.caption(file) });
  const has = (field: string, value: string) =>
    waitFor(async () => (await page.getByRole('combobox', { name: field }).inputValue()) === value);
  const text = (name: string, content: Buffer | string): Upload => ({
    ...{ name, mimeType: 'text/csv', buffer: Buffer.from(content as string) },
  });

  describe('shows before the upload', () => {
    it('the first rows of a workbook, and which columns it lacks', async () => {
      // Neither demo bundle takes one.
      await page.route('**/tenants/north/bundles/assessments%2FHarbor_Reading', async (route) => {
        const answer = await route.fetch();
        const bundle = (await answer.json()) as { files: { fileTypes: string[] }[] };
        for (const file of bundle.files) file.fileTypes.push('xlsx');
        await route.fulfill({ response: answer, json: bundle });
      });
      await formOf('north', '?bundle=assessments/Harbor_Reading');
      const rows = [
        ['Student ID', 'Scaled Score', 'Date Taken'],
        ['0012', 412, { serial: 45_921 }],
      ];
      const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
      await chooseFile(page, /results/i, { name: 'scores.xlsx', mimeType, buffer: workbook({ Scores: rows }) });
      for (const cell of ['0012', '412', '2025-09-21'])
        await table('scores.xlsx').getByRole('cell', { name: cell, exact: true }).waitFor();
      await page.getByRole('alert').filter({ hasText: preview.missing }).getByText('School Name', { exact: true }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      // Under another name it is no text.
      await chooseFile(page, /roster/i, { name: 'roster.csv', mimeType, buffer: workbook({ Roster: rows }) });
      await page.getByText(preview.oddities.zip).waitFor();
      expect(stage.complaints).toEqual([]);
    });

    it.each([
      ['windows-1252', (sample: string) => Buffer.from(sample, 'latin1'), preview.oddities.invalid_utf8],
      ['UTF-16', (sample: string) => Buffer.from(`\ufeff${sample}`, 'utf16le'), preview.oddities.utf16],
      ['UTF-8 as Excel writes it', (sample: string) => Buffer.from(`\ufeff${sample}`), preview.oddities.byte_order_mark],
    ])('the rows of a file in %s, and says so', async (_encoding, encode, words) => {
      await formOf('north', '?bundle=assessments/Harbor_Reading');
      await chooseFile(page, /results/i, text('export.csv', encode(readFileSync(RESULTS, 'utf8'))));
      await page.getByText(words).waitFor();
      await table('export.csv').getByRole('cell', { name: 'Björn' }).waitFor();
      // All its columns were read.
      expect(await page.getByText(preview.missing).count()).toBe(0);
    });
  });

  it('offers the settings of the last job of its bundle again, which can be cleared', async () => {
    await formOf('north', '?bundle=assessments/Quarrystone_Math');
    await page.getByRole('combobox', { name: 'Test Type' }).click();
    await page.getByRole('option', { name: 'Screener' }).click();
    await chooseYear(page, '2026');
    await chooseFile(page, /^scores/i, join(SAMPLES, '../../Quarrystone_Math/data/sample_scores.csv'));
    await submit(page);

    await page.getByRole('link', { name: en.shell.newJob }).first().click();
    await chooseBundle(page, 'Quarrystone Math');
    await page.getByText(en.newJob.lastSettings).waitFor();
    await has('Test Type', 'Screener');
    await has(en.newJob.schoolYear, en.common.schoolYear('2026'));
    await page.getByRole('button', { name: en.newJob.clearSettings }).click();
    await has('Test Type', '');
  });

  describe('keeps the chosen files', () => {
    const changeTenant = async (name: RegExp): Promise<void> => {
      await page.getByRole('main').getByRole('combobox', { name: en.newJob.tenant }).click();
      await page.getByRole('option', { name }).click();
    };

    it('and settings when the tenant is changed', async () => {
      await formOf('north', '?bundle=assessments/Harbor_Reading');
      await chooseYear(page, '2026');
      await chooseFile(page, /results/i, RESULTS);
      await chooseFile(page, /roster/i, ROSTER);
      await changeTenant(/South/);
      await page.waitForURL('**/tenants/south/jobs/new?*');
      await table('sample_results.csv').waitFor();
      await table('sample_roster.csv').waitFor();
      await has(en.newJob.schoolYear, en.common.schoolYear('2026'));
      const uid = await submit(page);
      expect(new URL(page.url()).pathname).toBe(`/partners/demo/tenants/south/jobs/${uid}`);
    });

    it('as far as another bundle takes them, and says which it does not', async () => {
      await formOf('north', '?bundle=assessments/Harbor_Reading');
      await chooseFile(page, /results/i, RESULTS);
      await chooseFile(page, /roster/i, ROSTER);
      await chooseBundle(page, 'Quarrystone Math');
      await page.getByText(en.newJob.droppedFiles('sample_roster.csv')).waitFor();
      await table('sample_results.csv').waitFor();
      await page.getByText(preview.missing).waitFor();
    });

    it('and says so, where the tenant may not use the bundle', async () => {
      await page.route('**/tenants/south/bundles', async (route) => {
        const answer = await route.fetch();
        const { items } = (await answer.json()) as { items: { path: string }[] };
        await route.fulfill({ response: answer, json: { items: items.filter(({ path }) => !path.includes('Harbor')) } });
      });
      await formOf('north', '?bundle=assessments/Harbor_Reading');
      await chooseFile(page, /results/i, RESULTS);
      await table('sample_results.csv').waitFor();
      await changeTenant(/South/);
      await page.getByText(en.newJob.bundleGoneFilesStay).waitFor();
      await chooseBundle(page, 'Quarrystone Math');
      await table('sample_results.csv').waitFor();
    });

    it('no longer than the form is left for another page', async () => {
      await fillInJob(page);
      await page.getByRole('link', { name: en.shell.help }).first().click();
      await page.getByRole('heading', { level: 1, name: en.help.title }).waitFor();
      await page.getByRole('link', { name: en.shell.newJob }).first().click();
      await chooseBundle(page, 'Harbor Reading');
      await page.getByRole('group', { name: /results/i }).waitFor();
      expect(await page.getByRole('main').getByRole('table').count()).toBe(0);
    });
  });

  it('is filled in and submitted with the keyboard alone', async () => {
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
    const isFocused = (id: string) => page.evaluate((sought) => document.activeElement?.id === sought, id);
    /** As somebody does who looks where the focus is. */
    async function tabTo(id: string): Promise<void> {
      for (let presses = 0; presses < 40; presses++) {
        if (await isFocused(id)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab does not come to ${id}; it is at ${await focused()}`);
    }
    let wanted = '';
    page.on('filechooser', (chooser) => chooser.setFiles(wanted));
    async function choose(id: string, file: string): Promise<void> {
      wanted = file;
      await tabTo(id);
      await keyboard.press('Enter');
    }

    await page.getByRole('link', { name: en.shell.newJob }).first().focus();
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: en.newJob.title }).waitFor();
    await page.getByRole('combobox', { name: en.newJob.bundle }).waitFor();
    await tabTo('field-bundle');
    await keyboard.type('harb');
    await page.getByRole('option', { name: 'Harbor Reading' }).waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await page.getByRole('combobox', { name: en.newJob.schoolYear }).waitFor();
    await tabTo('field-schoolYear');
    if ((await page.locator('#field-schoolYear').inputValue()) === '') {
      await keyboard.press('Enter');
      await page.getByRole('option').first().waitFor();
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
    }
    await choose('field-files/INPUT_FILE', RESULTS);
    await table('sample_results.csv').waitFor();
    await choose('field-files/ROSTER_FILE', ROSTER);
    await table('sample_roster.csv').waitFor();
    await keyboard.press('Tab');
    while ((await focused()) !== en.newJob.submit) await keyboard.press('Tab');
    await keyboard.press('Enter');
    await uidOfJobPage(page);
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await page.getByRole('status').getByText(en.jobs.statuses.succeeded, { exact: true }).waitFor({ timeout: 60_000 });
  });
});
