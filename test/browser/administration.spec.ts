import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { waitFor } from '../support/wait';
import { Administrator, codeOf, unique } from './support/administrator';
import { SecondFront } from './support/second-front';
import { accessibilityFaults, pictureFor, Stage } from './support/stage';

const { admin } = en;
const BUNDLE = 'Harbor Reading';
/** One of the school years that are always offered. */
const END_YEAR = String(new Date().getFullYear());

/** Operators, who set everything up, and the people whom they let in. */
describe('the administration by an operator', () => {
  let stage: Stage;
  let front: SecondFront;
  let operator: Administrator;
  beforeAll(async () => {
    stage = await Stage.open();
    front = await SecondFront.start(stage.connection);
    operator = new Administrator(await stage.pageOf('operator', { reducedMotion: 'reduce' }));
  });
  afterAll(async () => {
    await front.stop();
    await stage.close();
  });

  /** Somebody whom nobody has admitted, as they see it. */
  async function newcomer(name: string): Promise<Page> {
    const page = await (await stage.context({ baseURL: front.url })).newPage();
    await front.signIn(page, { subject: codeOf(name), name });
    await notAdmitted(page);
    return page;
  }
  const notAdmitted = (page: Page) => page.getByRole('heading', { level: 1, name: en.signIn.notAdmittedTitle }).waitFor();

  it('makes a partner that can work, and lets in somebody who waits for it', async () => {
    const [partner, tenant, person] = [unique('Lake Partner'), unique('Lake District'), unique('Wendy Waiting')];
    const { page } = operator;
    const wendy = await newcomer(person);
    await wendy.getByText(person).waitFor();
    expect(await accessibilityFaults(wendy)).toEqual([]);
    await pictureFor(wendy, 'not-admitted-wide-light');
    await wendy.goto('/admin/users');
    await notAdmitted(wendy);

    await operator.addPartnerWithTenant(partner, tenant);
    await page.getByRole('link', { name: admin.partner.schoolYears }).click();
    await page.getByRole('checkbox', { name: admin.schoolYears.checkbox(END_YEAR, tenant) }).check();
    await operator.button(en.common.save).click();
    await operator.told(admin.schoolYears.saved);
    await page.getByRole('link', { name: admin.partner.bundles }).click();
    await page.getByRole('switch', { name: BUNDLE }).check();
    await operator.button(en.common.save).click();
    await operator.told(admin.bundles.saved);
    await operator.admit(person);
    await operator.giveRole(person, { [admin.roles.partner]: partner, [admin.roles.tenant]: tenant });

    await wendy.getByRole('button', { name: en.signIn.lookAgain }).click();
    await wendy.getByRole('navigation').first().waitFor();
    await wendy.goto('/');
    await wendy.waitForURL(`**/partners/${codeOf(partner)}/tenants/${codeOf(tenant)}/jobs`);
    await wendy.getByRole('link', { name: en.shell.newJob }).first().click();
    await wendy.getByRole('combobox', { name: en.newJob.bundle }).click();
    await wendy.getByRole('option', { name: BUNDLE }).click();
    await wendy.getByRole('combobox', { name: en.newJob.schoolYear }).click();
    expect(await wendy.getByRole('option').allTextContents()).toEqual([en.common.schoolYear(END_YEAR)]);
    expect(await wendy.getByRole('link', { name: en.shell.administration }).count()).toBe(0);
  });

  it('asks before somebody is disabled, who is out at once and can be enabled again', async () => {
    const person = unique('Dan Disabled');
    const dan = await newcomer(person);
    await operator.admit(person);
    await operator.dialog.getByRole('button', { name: en.common.cancel }).click();
    await dan.goto('/');
    await dan.getByRole('heading', { name: en.errorPage.noTenantTitle }).waitFor();

    const { page } = operator;
    await operator.button(admin.users.disableUser(person)).click();
    await operator.confirm(admin.users.disableTitle(person), admin.users.disableBody, admin.users.disable);
    await operator.told(admin.users.disabled(person));
    // The row is gone, and its button with it.
    await operator.focusIsOn(admin.users.title);
    expect((await dan.request.get('/api/tenants')).status()).toBe(403);
    await dan.goto('/');
    await notAdmitted(dan);

    await page.getByText(admin.users.states.disabled, { exact: true }).click();
    await operator.button(admin.users.enableUser(person)).click();
    await operator.told(admin.users.enabled(person));
  });

  it('is told why what was confirmed was refused, in the dialog that stays', async () => {
    const [{ page }, name] = [operator, 'Nora North'];
    const detail = 'This user is the last operator. Make somebody else one first.';
    await page.route('**/api/admin/users/*', (route) =>
      route.fulfill({ status: 409, json: { code: 'last_operator', status: 409, title: '', detail } }),
    );
    await page.goto(`/admin/users?${new URLSearchParams({ search: name }).toString()}`);
    await operator.button(admin.users.disableUser(name)).click();
    const dialog = page.getByRole('dialog', { name: admin.users.disableTitle(name) });
    await dialog.getByRole('button', { name: admin.users.disable }).click();
    await dialog.getByText(en.problems['last_operator']?.title ?? '').waitFor();
    await operator.focusIsOn(admin.users.disable);
    await page.keyboard.press('Escape');
    await page.unroute('**/api/admin/users/*');
  });

  it('keeps what was entered when the server refuses it, and says why at the field', async () => {
    await operator.page.goto('/admin/partners');
    await operator.add(admin.partners.add, 'Another demo', 'demo');
    await operator.dialog.getByText('There is one with this code already.').waitFor();
    const code = operator.field(admin.code);
    expect(await code.getAttribute('aria-invalid')).toBe('true');
    expect(await code.evaluate((field) => field === globalThis.document.activeElement)).toBe(true);
    expect(await operator.field(admin.name).inputValue()).toBe('Another demo');

    // It does not close over it without asking, and gives the focus back in the end.
    await operator.page.keyboard.press('Escape');
    await operator.focusIsOn(admin.unsaved.stay);
    await operator.button(admin.unsaved.leave).click();
    await operator.focusIsOn(admin.partners.add);
  });

  it('sees what is wrong with the bundle registry, while the bundles that were read last still serve', async () => {
    const person = unique('Oscar Operator');
    const page = await newcomer(person);
    await operator.admit(person);
    await operator.giveRole(person, { [admin.roles.role]: admin.roles.names.operator });
    await page.goto('/admin/registry');
    await page.getByText(admin.registry.statuses.ready).waitFor();
    await page.getByText(admin.registry.noProblems).waitFor();

    const document = join(front.registry, 'registry.json');
    const good = readFileSync(document, 'utf8');
    appendFileSync(document, 'no JSON any more');
    try {
      const state = async () => ((await (await page.request.get('/api/admin/registry')).json()) as { status: string }).status;
      await waitFor(async () => (await state()) === 'stale');
      await page.reload();
      await page.getByText(admin.registry.statuses.stale).waitFor();
      await page.getByText(admin.registry.problemsHint).waitFor();
      await page.getByRole('listitem').filter({ hasText: 'registry.json' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await pictureFor(page, 'admin-registry-problems-wide-light');
      await page.goto('/admin/partners/demo/bundles');
      await page.getByRole('switch', { name: BUNDLE }).waitFor();
    } finally {
      writeFileSync(document, good);
    }
  });
});
