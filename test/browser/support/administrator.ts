import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { en } from '../../../src/client/texts/en';

const { admin } = en;

/** A name that no other test has, since all of them have one database. */
export const unique = (name: string): string => `${name} ${randomUUID().slice(0, 8)}`;
export const codeOf = (name: string): string => name.toLowerCase().replaceAll(' ', '-');

/** What somebody does again and again on the pages of the administration. */
export class Administrator {
  constructor(readonly page: Page) {}

  /** The upper one. */
  get dialog(): Locator {
    return this.page.getByRole('dialog').last();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Of a dialog. */
  field(name: string): Locator {
    return this.dialog.getByRole('textbox', { name });
  }

  /** Waits for the notice that something was done. */
  async told(text: string): Promise<void> {
    await this.page.getByRole('alert').filter({ hasText: text }).first().waitFor();
  }

  /** Fills in the dialog for a new partner or tenant. */
  async add(button: string, name: string, code = codeOf(name)): Promise<void> {
    await this.button(button).click();
    await this.field(admin.name).fill(name);
    await this.field(admin.code).fill(code);
    await this.dialog.getByRole('button', { name: admin.add }).click();
  }

  /** Ends on the page of the partner's tenants. */
  async addPartnerWithTenant(partner: string, tenant: string): Promise<void> {
    await this.page.goto('/admin/partners');
    await this.add(admin.partners.add, partner);
    await this.page.getByRole('link', { name: partner }).click();
    await this.add(admin.tenants.add, tenant);
    await this.page.getByRole('link', { name: tenant, exact: true }).waitFor();
  }

  /** Looks for somebody who waits and admits them; without a role they would see nothing, so the dialog for it is open then. */
  async admit(person: string): Promise<void> {
    await this.page.goto(`/admin/users?${new URLSearchParams({ search: person }).toString()}`);
    await this.button(admin.users.admitUser(person)).click();
    await this.page.getByRole('dialog', { name: admin.users.editRolesOf(person) }).waitFor();
  }

  /** Gives one more role in the dialog that is open. @param choices what to choose, by the label of the field */
  async giveRole(person: string, choices: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, choice] of Object.entries(choices)) {
      const field = this.dialog.getByRole('combobox', { name: label });
      await field.click();
      if (label !== admin.roles.role) await field.fill(choice);
      await this.page.getByRole('option', { name: choice }).click();
    }
    await this.dialog.getByRole('button', { name: admin.roles.add }).click();
    await this.dialog.getByRole('button', { name: admin.roles.save }).click();
    await this.told(admin.users.rolesSaved(person));
  }

  /** Does in the dialog that asks for it what was asked. */
  async confirm(title: string, consequence: string, button: string): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: title });
    await dialog.getByText(consequence).waitFor();
    await dialog.getByRole('button', { name: button, exact: true }).click();
  }

  /** Waits until the focus is on what has this text. */
  async focusIsOn(text: string): Promise<void> {
    await this.page.waitForFunction((expected) => globalThis.document.activeElement?.textContent === expected, text);
  }
}
