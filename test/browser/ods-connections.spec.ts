import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { startEdFiApi, type EdFiApi } from '../support/ed-fi-api';
import { freePort } from '../support/free-port';
import { Administrator, codeOf, unique } from './support/administrator';
import { accessibilityFaults, pictureFor, Stage } from './support/stage';

const { ods } = en.admin;
const END_YEAR = '2026';

/** A tenant's Ed-Fi API: the one that answers here is a small one of the test's own. */
describe('an ODS connection', () => {
  let stage: Stage;
  let edFi: EdFiApi;
  let page: Page;
  let administrator: Administrator;
  beforeAll(async () => {
    [stage, edFi] = await Promise.all([Stage.open(), startEdFiApi({ years: [END_YEAR] })]);
    page = await stage.pageOf('operator', { reducedMotion: 'reduce' });
    administrator = new Administrator(page);
  });
  afterAll(async () => {
    await stage.close();
    await edFi.close();
  });

  /** A tenant with one school year. @returns where its connections are in the API */
  async function openTenant(): Promise<string> {
    const [partner, tenant] = [unique('Ods Partner'), unique('Ods District')];
    await administrator.addPartnerWithTenant(partner, tenant);
    await page.getByRole('link', { name: tenant, exact: true }).click();
    // A tenant without a school year cannot have a connection, and the page says what to do.
    await page.getByText(ods.noYearsHint).waitFor();
    const path = `/api/admin/partners/${codeOf(partner)}/tenants/${codeOf(tenant)}`;
    const headers = { origin: stage.url, 'if-match': '*' };
    await page.request.put(`${path}/school-years`, { headers, data: { schoolYears: [END_YEAR] } });
    await page.reload();
    return `${path}/ods-connections`;
  }

  // No browser gives a field for a password the role of a text box.
  const secretField = () => administrator.dialog.getByLabel(new RegExp(`^${ods.secret}`));

  async function save(baseUrl: string, key: string, secret: string): Promise<void> {
    await administrator.field(ods.baseUrl).fill(baseUrl);
    await administrator.field(ods.key).fill(key);
    await secretField().fill(secret);
    await administrator.dialog.getByRole('button', { name: en.common.save }).click();
  }

  it('is tested step by step, and neither the page nor the API ever says its key and secret', async () => {
    const seen: Promise<string>[] = [];
    page.on('response', (answer) => void (answer.url().includes('/api/') && seen.push(answer.text().catch(() => ''))));
    const connections = await openTenant();
    await administrator.button(ods.addFor(END_YEAR)).click();
    await save(edFi.baseUrl, edFi.key, edFi.secret);
    await administrator.told(ods.saved(END_YEAR));

    await administrator.button(ods.testFor(END_YEAR)).click();
    const result = page.getByRole('status').filter({ hasText: ods.testOk });
    await result.getByText(ods.apiVersion('7.3')).waitFor();
    for (const step of Object.values(ods.steps)) await result.getByText(`${step}: ${ods.stepState.ok}`).waitFor();
    await administrator.focusIsOn(ods.test);
    expect(await accessibilityFaults(page)).toEqual([]);
    await pictureFor(page, 'admin-ods-test-wide-light');

    await administrator.button(ods.editFor(END_YEAR)).click();
    await administrator.dialog.getByText(ods.credentialsKept).waitFor();
    expect(await administrator.field(ods.key).inputValue()).toBe('');
    expect(await secretField().inputValue()).toBe('');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await administrator.focusIsOn(en.common.edit);

    const listed = await page.request.get(connections);
    expect(await listed.json()).toMatchObject({ items: [{ schoolYear: END_YEAR, baseUrl: edFi.baseUrl }] });
    for (const text of [...(await Promise.all(seen)), await listed.text(), await page.content()]) {
      expect(text).not.toContain(edFi.key);
      expect(text).not.toContain(edFi.secret);
    }
  });

  it('says clearly where a test ended: at keys that are not accepted, and at an API that is not there', async () => {
    await openTenant();
    await administrator.button(ods.addFor(END_YEAR)).click();
    await save(edFi.baseUrl, edFi.key, 'another-secret');
    await administrator.button(ods.testFor(END_YEAR)).click();
    const result = page.getByRole('status').filter({ hasText: ods.testFailed });
    await result.getByText('The API does not accept the key and the secret.').waitFor();

    // Another address needs both anew, so that they never go where they were not given for.
    const nobody = `http://127.0.0.1:${await freePort()}/api`;
    await administrator.button(ods.editFor(END_YEAR)).click();
    await administrator.field(ods.baseUrl).fill(nobody);
    await administrator.dialog.getByRole('button', { name: en.common.save }).click();
    await administrator.dialog.getByText(ods.keyFault).waitFor();
    await administrator.dialog.getByText(ods.secretFault).waitFor();
    await save(nobody, edFi.key, edFi.secret);
    await administrator.told(ods.saved(END_YEAR));
    // What was found out about the old one is not said of the new one.
    await result.waitFor({ state: 'detached' });
    await administrator.button(ods.testFor(END_YEAR)).click();
    await result.getByText('The host does not accept the connection.').waitFor();
    await result.getByText(`${ods.steps.token_obtained}: ${ods.stepState.skipped}`).waitFor();
  });

  it('is refused at the field where its address is not one to connect to, and what was entered stays', async () => {
    await openTenant();
    await administrator.button(ods.addFor(END_YEAR)).click();
    await save('http://ods.example.org', edFi.key, edFi.secret);
    const baseUrl = administrator.field(ods.baseUrl);
    await administrator.dialog.getByText(/must use https/).waitFor();
    expect(await baseUrl.getAttribute('aria-invalid')).toBe('true');
    expect(await baseUrl.evaluate((field) => field === globalThis.document.activeElement)).toBe(true);
    expect(await administrator.field(ods.key).inputValue()).toBe(edFi.key);
  });

  it('is deleted when that is confirmed', async () => {
    const connections = await openTenant();
    await administrator.button(ods.addFor(END_YEAR)).click();
    await save(edFi.baseUrl, edFi.key, edFi.secret);
    await administrator.button(ods.removeFor(END_YEAR)).click();
    await administrator.confirm(ods.removeTitle(END_YEAR), ods.removeBody, en.common.delete);
    await administrator.told(ods.removed(END_YEAR));
    await administrator.button(ods.addFor(END_YEAR)).waitFor();
    expect(await (await page.request.get(connections)).json()).toMatchObject({ items: [] });
  });
});
