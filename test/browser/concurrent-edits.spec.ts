import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { Administrator, codeOf, unique } from './support/administrator';
import { accessibilityFaults, pictureFor, Stage } from './support/stage';

const { admin } = en;
const OPERATOR = 'Olivia Operator';
/** School years that are always offered. */
const [THIS_YEAR, LAST_YEAR] = [new Date().getFullYear(), new Date().getFullYear() - 1].map(String) as [string, string];

/** What somebody is editing while somebody else changes it. */
describe('two administrators who edit the same thing', () => {
  let stage: Stage;
  let page: Page;
  let administrator: Administrator;
  let partner: string;
  let tenant: string;
  let path: string;
  beforeAll(async () => {
    stage = await Stage.open();
    page = await stage.pageOf('operator', { reducedMotion: 'reduce' });
    administrator = new Administrator(page);
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    [partner, tenant] = [unique('Shared Partner'), unique('Shared District')];
    path = `/api/admin/partners/${codeOf(partner)}`;
    await administrator.addPartnerWithTenant(partner, tenant);
  });

  /** What the other one does, who has the newest version. @param makes what is not there yet */
  async function colleague(method: 'POST' | 'PUT' | 'PATCH', url: string, data: object, makes = false): Promise<void> {
    const headers = { origin: stage.url, [makes ? 'if-none-match' : 'if-match']: '*' };
    const answer = await page.request.fetch(url, { method, data, headers });
    expect([url, answer.ok()]).toEqual([url, true]);
  }
  const tenantPath = () => `${path}/tenants/${codeOf(tenant)}`;
  const get = async (url: string): Promise<unknown> => (await page.request.get(url)).json();

  /** Saves, is told, and loads the newest version. */
  async function meetsConflict(save: string): Promise<void> {
    await administrator.button(save).click();
    const notice = page.getByRole('alert').filter({ hasText: admin.conflict.title });
    await notice.getByText(admin.conflict.kept).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await notice.getByRole('button', { name: admin.conflict.load }).click();
    await page.getByRole('status').filter({ hasText: admin.conflict.loaded }).waitFor();
    expect(await notice.count()).toBe(0);
  }

  it('are told so when they rename it, with who did it, and lose nothing that they typed', async () => {
    await administrator.button(admin.renameOf(tenant)).click();
    await administrator.field(admin.name).fill('Mine');
    await colleague('PATCH', tenantPath(), { name: 'Theirs' });
    await administrator.dialog.getByRole('button', { name: en.common.save }).click();
    await administrator.dialog.getByText(new RegExp(OPERATOR)).waitFor();
    await pictureFor(page, 'admin-conflict-wide-light');
    await meetsConflict(en.common.save);
    await administrator.dialog.getByText(admin.conflict.nameNow('Theirs')).waitFor();
    expect(await administrator.field(admin.name).inputValue()).toBe('Mine');
    await administrator.dialog.getByRole('button', { name: en.common.save }).click();
    await administrator.told(admin.renamed('Mine'));
    expect(await get(tenantPath())).toMatchObject({ name: 'Mine' });
  });

  it('both have their roles of a user', async () => {
    const person = unique('Rita Roles');
    const [staff, lead] = [
      { role: 'staff', partner: codeOf(partner), tenant: codeOf(tenant) },
      { role: 'partner_admin', partner: codeOf(partner) },
    ];
    const issuer = await page.evaluate(() => fetch('/api/session').then((answer) => answer.json()));
    const subject = codeOf(person);
    const body = { issuer: (issuer as { issuers: { id: string }[] }).issuers[0]?.id, subject, name: person, roles: [staff] };
    await colleague('POST', '/api/admin/users', body);
    await page.goto(`/admin/users?${new URLSearchParams({ search: person }).toString()}`);
    await administrator.button(admin.users.editRolesOf(person)).click();
    const { items } = (await get(`/api/admin/users?search=${encodeURIComponent(person)}`)) as { items: { uid: string }[] };
    const user = `/api/admin/users/${items[0]?.uid}`;
    await colleague('PUT', `${user}/roles`, { roles: [staff, lead] });

    await administrator.dialog.getByRole('listitem').getByRole('button').click();
    await meetsConflict(admin.roles.save);
    const names = administrator.dialog.getByRole('listitem');
    expect(await names.allTextContents()).toEqual([expect.stringContaining(admin.roles.names.partner_admin)]);
    await administrator.button(admin.roles.save).click();
    await administrator.told(admin.users.rolesSaved(person));
    expect(await get(user)).toMatchObject({ roles: [{ role: 'partner_admin' }] });
  });

  it('both have their school years of a tenant, and their bundles of a partner', async () => {
    await page.getByRole('link', { name: admin.partner.schoolYears }).click();
    const box = (year: string) => page.getByRole('checkbox', { name: admin.schoolYears.checkbox(year, tenant) });
    await box(THIS_YEAR).check();
    await colleague('PUT', `${tenantPath()}/school-years`, { schoolYears: [LAST_YEAR] });
    await meetsConflict(en.common.save);
    expect([await box(THIS_YEAR).isChecked(), await box(LAST_YEAR).isChecked()]).toEqual([true, true]);
    await administrator.button(en.common.save).click();
    await administrator.told(admin.schoolYears.saved);
    expect(await get(tenantPath())).toMatchObject({ schoolYears: [LAST_YEAR, THIS_YEAR] });

    await page.getByRole('link', { name: admin.partner.bundles }).click();
    const { items } = (await get(`${path}/bundles`)) as { items: { path: string; displayName: string }[] };
    const [mine, theirs] = items as [(typeof items)[0], (typeof items)[0]];
    const toggle = (name: string) => page.getByRole('switch', { name });
    await toggle(mine.displayName).check();
    await colleague('PUT', `${path}/bundles`, { bundles: [theirs.path] });
    await meetsConflict(en.common.save);
    expect([await toggle(mine.displayName).isChecked(), await toggle(theirs.displayName).isChecked()]).toEqual([true, true]);
    await administrator.button(en.common.save).click();
    await administrator.told(admin.bundles.saved);
    const after = (await get(`${path}/bundles`)) as { items: { path: string; enabled: boolean }[] };
    const enabled = after.items.filter((item) => item.enabled).map((item) => item.path);
    expect(enabled.sort()).toEqual([mine.path, theirs.path].sort());
  });

  it('see where a connection leads now before they lead it elsewhere', async () => {
    const [END_YEAR, url] = ['2026', `${tenantPath()}/ods-connections/2026`];
    const at = (host: string) => ({ baseUrl: `https://${host}.example.org/api`, key: 'key', secret: 'secret' });
    await colleague('PUT', `${tenantPath()}/school-years`, { schoolYears: [END_YEAR] });
    await page.reload();
    await page.getByRole('link', { name: tenant, exact: true }).click();
    await administrator.button(admin.ods.addFor(END_YEAR)).click();
    await administrator.field(admin.ods.baseUrl).fill(at('mine').baseUrl);
    await administrator.field(admin.ods.key).fill('key');
    await administrator.dialog.getByLabel(new RegExp(`^${admin.ods.secret}`)).fill('secret');
    await colleague('PUT', url, at('theirs'), true);
    await meetsConflict(en.common.save);
    await administrator.dialog.getByText(admin.conflict.baseUrlNow(at('theirs').baseUrl)).waitFor();
    await administrator.dialog.getByRole('button', { name: en.common.save }).click();
    await administrator.told(admin.ods.saved(END_YEAR));
    expect(await get(`${tenantPath()}/ods-connections`)).toMatchObject({ items: [{ baseUrl: at('mine').baseUrl }] });
  });
});
