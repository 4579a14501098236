import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { PartnerProgram } from '../support/partner-program';
import { Administrator, codeOf, unique } from './support/administrator';
import { Stage } from './support/stage';

const { audit, apiClients, users } = en.admin;
const SECRET = 'a-secret-that-nobody-must-see';

/** What an operator can look up: what was changed, and which programs come. */
describe('the records of the administration', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await Stage.open();
    page = await stage.pageOf('operator', { reducedMotion: 'reduce' });
  });
  afterAll(() => stage.close());

  const entries = () => page.getByRole('list', { name: audit.title }).getByRole('listitem');
  const entry = (action: keyof typeof audit.actions) => entries().filter({ hasText: audit.actions[action] });

  async function change(method: 'POST' | 'PUT' | 'PATCH', path: string, data: object, makes = false): Promise<void> {
    const headers = { origin: stage.url, [makes ? 'if-none-match' : 'if-match']: '*' };
    const answer = await page.request.fetch(`/api/admin${path}`, { method, data, headers });
    expect(answer.ok()).toBe(true);
  }

  /** A partner's first days. @returns its code */
  async function makeChanges(): Promise<string> {
    const partner = unique('Audit Partner');
    const code = codeOf(partner);
    const tenant = `/partners/${code}/tenants/bay`;
    await change('POST', '/partners', { code, name: partner });
    await change('POST', `/partners/${code}/tenants`, { code: 'bay', name: 'Bay' });
    await change('PATCH', tenant, { name: 'Bay District' });
    await change('PUT', `${tenant}/school-years`, { schoolYears: ['2025', '2026'] });
    await change('PUT', `${tenant}/school-years`, { schoolYears: ['2026'] });
    const connection = { baseUrl: 'http://127.0.0.1:9/api', key: `the-key-of-${SECRET}`, secret: SECRET };
    await change('PUT', `${tenant}/ods-connections/2026`, connection, true);
    return code;
  }

  it('say who changed what from what to what, and no secret', async () => {
    const code = await makeChanges();
    await page.goto(`/admin/audit?partner=${code}`);
    await entries().first().waitFor();
    expect(await entries().count()).toBe(6);

    const renamed = entry('tenant.renamed');
    await renamed.getByText(`${code} › bay`).waitFor();
    await renamed.getByRole('link', { name: 'Olivia Operator' }).waitFor();
    await renamed.getByRole('deletion').filter({ hasText: 'Bay' }).waitFor();
    await renamed.getByRole('insertion').filter({ hasText: 'Bay District' }).waitFor();
    // As the page says it elsewhere, and as it is stored.
    const years = entry('tenant.school_years_changed').first();
    expect(await years.getByRole('deletion').allTextContents()).toEqual(['2024–25 (2025)']);
    const connection = entry('ods_connection.created');
    await connection.getByText(`${code} › bay › 2025–26`).waitFor();
    await connection.getByText('http://127.0.0.1:9/api').waitFor();
    const stored = await page.request.get(`/api/admin/audit?partner=${code}`);
    for (const text of [await stored.text(), await page.content()]) expect(text).not.toContain(SECRET);
  });

  it('are narrowed down by partner, kind, person and day, in the address, and read on page by page', async () => {
    const code = await makeChanges();
    // With small pages, so that few changes make several.
    await page.route('**/api/admin/audit?*', (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('limit', '2');
      return route.continue({ url: url.href });
    });
    await page.goto(`/admin/audit?partner=${code}`);
    await page.waitForFunction(() => globalThis.document.querySelectorAll('main ol > li').length === 2);
    await page.getByRole('button', { name: en.common.loadMore }).click();
    await page.waitForFunction(() => globalThis.document.querySelectorAll('main ol > li').length === 4);
    await page.getByRole('button', { name: en.common.loadMore }).click();
    await entry('partner.created').waitFor();
    expect(await entries().count()).toBe(6);
    expect(await page.getByRole('button', { name: en.common.loadMore }).count()).toBe(0);
    await page.unroute('**/api/admin/audit?*');

    const filters = page.getByRole('search', { name: audit.filters });
    await filters.getByRole('combobox', { name: audit.action }).click();
    await page.getByRole('option', { name: audit.actions['tenant.school_years_changed'] }).click();
    await page.waitForFunction(() => globalThis.document.querySelectorAll('main ol > li').length === 2);
    await page.reload();
    await page.waitForFunction(() => globalThis.document.querySelectorAll('main ol > li').length === 2);

    await filters.getByRole('combobox', { name: audit.user }).fill('Nora');
    await page.getByRole('option', { name: /Nora North/ }).click();
    await page.getByText(audit.noMatchesHint).waitFor();
    await filters.getByRole('button', { name: audit.clear }).click();
    await entries().first().waitFor();
    await filters.getByLabel(audit.until).fill('2020-01-01');
    await page.getByText(audit.noMatchesHint).waitFor();
    await page.getByRole('main').getByRole('button', { name: audit.clear }).last().click();
    await entries().first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('list the programs that made jobs, and say how one comes there where none has', async () => {
    const { connection } = stage;
    const client = connection.clients?.find(({ partner }) => partner === 'other');
    const { clientId = '', clientSecret = '' } = client ?? {};
    const program = PartnerProgram.signIn(stage.url, connection.tokenEndpoint ?? '', clientId, clientSecret);
    await program.api.POST('/v1/jobs', {
      body: {
        ...{ partner: 'other', tenant: 'east', bundle: 'assessments/Harbor_Reading', schoolYear: '2026', params: {} },
        files: { INPUT_FILE: 'results.csv', ROSTER_FILE: 'roster.csv' },
      },
    });
    await page.goto('/admin/partners/other/api-clients');
    const row = page.getByRole('row', { name: clientId });
    await row.waitFor();
    const cells = await row.getByRole('cell').allTextContents();
    expect(cells[0]).toContain("Other Partner's system");
    expect(cells[1]).toBe(connection.issuer);
    expect(Number(cells[2])).toBeGreaterThan(0);

    const partner = unique('Quiet Partner');
    const administrator = new Administrator(page);
    await administrator.addPartnerWithTenant(partner, unique('Quiet District'));
    await page.getByRole('link', { name: en.admin.partner.apiClients }).click();
    await page.getByText(apiClients.noneHint(codeOf(partner))).waitFor();
    await page.getByRole('navigation', { name: en.admin.partner.sections }).getByRole('link', { name: users.title }).click();
    await page.getByText(users.nobodyForPartnerHint).waitFor();
  });
});
