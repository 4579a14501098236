import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { makeJob, sampleFiles } from './support/make-job';
import { Stage } from './support/stage';

const { notes } = en.job;

describe("a job's notes", () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.open()));
  afterAll(() => stage.close());

  async function write(page: Page, text: string): Promise<void> {
    await page.getByRole('textbox', { name: notes.add }).fill(text);
    await page.getByRole('button', { name: notes.add }).click();
    await noteOf(page, text).waitFor();
  }
  const noteOf = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });

  it("are added, edited and deleted by their author, and another's can only be read", async () => {
    const [author, reader] = await Promise.all([stage.pageOf('north'), stage.pageOf('operator')]);
    const job = await makeJob(author, sampleFiles(), 'created');
    await author.goto(job);
    await write(author, 'The export is from last week.');
    expect(await author.getByRole('textbox', { name: notes.add }).inputValue()).toBe('');

    await noteOf(author, 'The export').getByRole('button', { name: en.common.edit }).click();
    const field = author.getByRole('textbox', { name: notes.edit });
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await field.fill('The export is from this week.\nA new one comes on Monday.');
    await author.getByRole('button', { name: en.common.save }).click();
    await noteOf(author, 'from this week').getByText(notes.edited).waitFor();
    expect(await noteOf(author, 'from last week').count()).toBe(0);

    await reader.goto(job);
    await noteOf(reader, 'A new one comes on Monday.').getByText('Nora North').waitFor();
    expect(await noteOf(reader, 'A new one').getByRole('button').count()).toBe(0);
    await write(reader, 'Thank you.');
    // Nor does the server take it from anybody else.
    const path = `/api${job}`;
    const seen = (await (await reader.request.get(path)).json()) as { notes: { uid: string; mine: boolean }[] };
    const foreign = seen.notes.find(({ mine }) => !mine);
    const refused = await reader.request.patch(`${path}/notes/${foreign?.uid}`, {
      data: { text: 'mine now' },
      headers: { origin: stage.url },
    });
    expect([refused.status(), await refused.json()]).toMatchObject([403, { code: 'not_your_note' }]);

    await noteOf(author, 'from this week').getByRole('button', { name: en.common.delete }).click();
    const dialog = author.getByRole('dialog', { name: notes.delete.title });
    await dialog.getByRole('button', { name: en.common.delete }).click();
    await noteOf(author, 'from this week').waitFor({ state: 'detached' });
    await noteOf(author, 'Thank you.').waitFor();
  });
});
