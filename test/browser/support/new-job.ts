import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { en } from '../../../src/client/texts/en';

export const SAMPLES = join(__dirname, '../../../bundles/assessments/Harbor_Reading/data');

/** A file by its path, or its name and content. */
export type Upload = string | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

export interface Submission {
  readonly results?: Upload;
  readonly roster?: Upload;
}

/** Fills in the form for a job of the demo bundle, with its sample files unless others are given. */
export async function fillInJob(page: Page, { results, roster }: Submission = {}): Promise<void> {
  await page.getByRole('link', { name: en.shell.newJob }).first().click();
  await chooseBundle(page, 'Harbor Reading');
  await chooseYear(page, '2026');
  await chooseFile(page, /results/i, results ?? join(SAMPLES, 'sample_results.csv'));
  await chooseFile(page, /roster/i, roster ?? join(SAMPLES, 'sample_roster.csv'));
}

/** Finds a bundle by its name. */
export async function chooseBundle(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: en.newJob.bundle }).fill(name);
  await page.getByRole('option', { name }).click();
}

export async function chooseYear(page: Page, endYear: string): Promise<void> {
  const field = page.getByRole('combobox', { name: en.newJob.schoolYear });
  await field.click();
  await page.getByRole('option', { name: en.common.schoolYear(endYear) }).click();
}

export async function chooseFile(page: Page, slot: RegExp, file: Upload): Promise<void> {
  const group = page.getByRole('group', { name: slot });
  await group.locator('input[type=file]').setInputFiles(file as Parameters<ReturnType<Page['locator']>['setInputFiles']>[0]);
}

/** Uploads and starts. @returns the job's uid, when the page has gone to it. */
export async function submit(page: Page): Promise<string> {
  await page.getByRole('button', { name: en.newJob.submit }).click();
  return uidOfJobPage(page);
}

const JOB_PAGE = /\/jobs\/([0-9a-f-]{36})$/;
export async function uidOfJobPage(page: Page): Promise<string> {
  await page.waitForURL(JOB_PAGE, { timeout: 60_000 });
  return JOB_PAGE.exec(page.url())?.[1] ?? '';
}

const MIB = 1024 * 1024;

/** The sample's rows again and again, which the bundle takes once. @param size in MiB */
export function largeResults(size: number): Buffer<ArrayBuffer> {
  const [header, ...rows] = readFileSync(join(SAMPLES, 'sample_results.csv'), 'utf8').trimEnd().split('\n');
  const block = `${rows.join('\n')}\n`;
  return Buffer.from(`${header}\n${block.repeat(Math.ceil((size * MIB) / block.length))}`);
}
