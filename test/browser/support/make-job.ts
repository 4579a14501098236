import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { uploadFile } from '../../../clients/typescript';
import { SAMPLES } from './new-job';

export interface JobFile {
  readonly name: string;
  readonly content: Buffer<ArrayBuffer>;
}
export type JobFiles = Readonly<Record<'INPUT_FILE' | 'ROSTER_FILE', JobFile>>;

/** The demo bundle's sample files. */
export const sampleFiles = (): JobFiles => ({
  INPUT_FILE: { name: 'sample_results.csv', content: readFileSync(join(SAMPLES, 'sample_results.csv')) },
  ROSTER_FILE: { name: 'sample_roster.csv', content: readFileSync(join(SAMPLES, 'sample_roster.csv')) },
});

/** Files that no run makes anything of: the results have not a column that the bundle needs. */
export const brokenFiles = (): JobFiles => ({
  ...sampleFiles(),
  INPUT_FILE: { name: 'broken.csv', content: Buffer.from('Student ID,Score\n1,2\n') },
});

/** How far a job is brought before it is shown. */
export type Reach = 'created' | 'uploaded' | 'started';

const NORTH = '/api/partners/demo/tenants/north/jobs';

/** Makes a job of the north tenant with the session of a page, but not with the page. @returns the address of its page */
export async function makeJob(page: Page, files: JobFiles, reach: Reach): Promise<string> {
  const answer = await post(page, NORTH, {
    ...{ bundle: 'assessments/Harbor_Reading', schoolYear: '2026', params: {} },
    files: Object.fromEntries(
      Object.entries(files).map(([envVar, { name, content }]) => [envVar, { name, size: content.length }]),
    ),
  });
  const { uid, uploads } = (await answer.json()) as CreatedJob;
  if (reach !== 'created') {
    for (const [envVar, upload] of Object.entries(uploads)) await uploadFile(upload, files[envVar as keyof JobFiles].content);
  }
  if (reach === 'started') await post(page, `${NORTH}/${uid}/start`, {});
  return `/partners/demo/tenants/north/jobs/${uid}`;
}

interface CreatedJob {
  readonly uid: string;
  readonly uploads: Readonly<Record<string, Parameters<typeof uploadFile>[0]>>;
}

async function post(page: Page, url: string, data: object) {
  const answer = await page.request.post(url, { data, headers: { origin: new URL(page.url()).origin } });
  if (!answer.ok()) throw new Error(`POST ${url} answered ${answer.status()} ${await answer.text()}`);
  return answer;
}
