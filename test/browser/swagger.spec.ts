import type { Locator, Page } from 'playwright-core';
import { Stage } from './support/stage';

describe('Swagger UI', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.open()));
  afterAll(() => stage.close());
  afterEach(() => expect(stage.complaints).toEqual([]));

  it('takes a pasted token, and tries operations of the External API with the examples that it shows', async () => {
    const page = await (await stage.context()).newPage();
    await page.goto('/docs');
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.dialog-ux');
    await dialog.getByRole('textbox').fill(await accessToken(stage));
    await dialog.locator('button[type=submit]').click();
    await dialog.getByRole('button', { name: 'Close' }).click();

    expect(await tryOut(operation(page, 'createJob'))).toBe('201');
    expect(await tryOut(operation(page, 'listJobs'))).toBe('200');
  });

  it('shows the problem of each code', async () => {
    const page = await (await stage.context()).newPage();
    await page.goto('/docs');
    const create = operation(page, 'createJob');
    await create.locator('.opblock-summary-control').click();
    const response = create.locator('tr.response[data-code="401"]');
    await response.locator('select.examples-select-element').selectOption('token_expired');
    await response.locator('.highlight-code', { hasText: 'urn:slipway:problem:token_expired' }).waitFor();
  });

  it('tries operations of the Web API with the session of who is signed in', async () => {
    const page = await stage.pageOf('north');
    await page.goto('/docs');
    await page.getByRole('combobox', { name: 'Select a definition' }).selectOption({ label: 'Web API' });
    expect(await tryOut(operation(page, 'getSession'))).toBe('200');
    expect(await tryOut(operation(page, 'getTenant'), { partner: 'demo', tenant: 'north' })).toBe('200');
    expect(await tryOut(operation(page, 'getTenant'), { partner: 'demo', tenant: 'south' })).toBe('404');
  });
});

async function accessToken({ connection }: Stage): Promise<string> {
  const client = connection.clients?.[0];
  if (!client || !connection.tokenEndpoint) throw new Error('local mode has an issuer and a client');
  const answer = await fetch(connection.tokenEndpoint, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const operation = (page: Page, id: string): Locator => page.locator(`.opblock[id$="-${id}"]`);

/** Sends the operation's request, with its parameters as given and else as shown. @returns the status of the answer. */
async function tryOut(block: Locator, parameters: Readonly<Record<string, string>> = {}): Promise<string> {
  const button = block.getByRole('button', { name: 'Try it out' });
  if (!(await block.locator('.opblock-body').isVisible())) {
    await block.locator('.opblock-summary-control').click();
    await button.click();
  }
  for (const [name, value] of Object.entries(parameters)) await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  await block.locator('.execute').click();
  const status = block.locator('.live-responses-table tbody .response-col_status').first();
  await block.locator('.loading-container').waitFor({ state: 'detached' });
  return (await status.innerText()).trim();
}
