import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { Administrator } from './support/administrator';
import { Stage } from './support/stage';

const { admin } = en;

/** What the administration is for those who are no operators; what the server refuses them is web-strangers.spec.ts's. */
describe('the administration', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.open()));
  afterAll(() => stage.close());

  const navigation = (page: Page) => page.getByRole('navigation', { name: admin.sections.label });

  it('is the own partner alone for its administrator', async () => {
    const page = await stage.pageOf('partner_admin');
    await page.goto('/admin');
    await page.getByRole('heading', { level: 1, name: 'Demo Partner' }).waitFor();
    await page.getByRole('link', { name: 'North District', exact: true }).waitFor();
    // Neither the parts for operators, nor what only they can do here.
    expect(await navigation(page).count()).toBe(0);
    expect(await page.getByRole('button', { name: admin.rename, exact: true }).count()).toBe(0);
    await page.getByRole('link', { name: admin.partner.bundles }).click();
    await page.getByText(admin.bundles.operatorOnly).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Harbor Reading' }).getByText(admin.bundles.enabled).waitFor();
    expect(await page.getByRole('switch', { name: 'Harbor Reading' }).count()).toBe(0);
    await page.getByRole('link', { name: admin.partner.users }).click();
    await page.getByRole('row', { name: 'Nora North' }).waitFor();
    expect(await page.getByRole('row', { name: 'Olivia Operator' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: admin.users.disable }).count()).toBe(0);

    await page.goto('/admin/partners');
    await page.getByRole('link', { name: 'Demo Partner' }).waitFor();
    expect(await page.getByRole('link', { name: 'Other Partner' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: admin.partners.add }).count()).toBe(0);
    for (const path of ['/admin/partners/other', '/admin/partners/nowhere', '/admin/partners/other/tenants/east']) {
      await page.goto(path);
      await page.getByText(admin.notFound).waitFor();
      expect(await page.getByText('Other Partner').count()).toBe(0);
    }
  });

  it('gives its administrator staff of its tenants and no more', async () => {
    const administrator = new Administrator(await stage.pageOf('partner_admin'));
    const { page } = administrator;
    await page.goto('/admin/partners/demo/users');
    await administrator.button(admin.users.editRolesOf('Paul Partner')).click();
    const { dialog } = administrator;
    // Their own role of an administrator is there to be seen, and an operator's to take away.
    await dialog.getByText(admin.roles.of(admin.roles.names.partner_admin, 'Demo Partner')).waitFor();
    expect(await dialog.getByRole('button', { name: admin.roles.remove('') }).count()).toBe(0);
    expect(await dialog.getByRole('combobox').count()).toBe(1);
    await dialog.getByRole('combobox', { name: admin.roles.tenant }).click();
    expect(await page.getByRole('option').allTextContents()).toEqual(['North District (north)', 'South District (south)']);
  });

  it.each(['/admin', '/admin/partners/demo', '/admin/users', '/admin/registry', '/admin/audit'])(
    'is nothing for staff at %s',
    async (path) => {
      const page = await stage.pageOf('north');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(path);
      await page.getByText(admin.nothingToAdminister).waitFor();
      expect(await page.getByRole('link', { name: en.shell.administration }).count()).toBe(0);
      expect(await page.getByRole('table').count()).toBe(0);
      expect(asked.filter((pathname) => pathname.startsWith('/api/admin'))).toEqual([]);
    },
  );
});
