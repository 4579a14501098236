import { readFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type BrowserContext,
  type Locator,
  type Page,
} from 'playwright-core';
import type { Connection, ConnectionUser } from '../../../src/local/connection-file';
import { en } from '../../../src/client/texts/en';
import { BROWSER_VARIABLE, CONNECTION_VARIABLE } from './global-setup';

const ROOT = join(__dirname, '../../..');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2 AA, and what axe holds to be good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const ACTION_MS = 30_000;

export type Who = 'operator' | 'partner_admin' | 'north' | 'south';

/**
 * The running Slipway and the browser, for one test file. A file's own contexts are closed at its end, and what a page
 * reports as an error fails the test that asks.
 */
export class Stage {
  readonly connection = JSON.parse(process.env[CONNECTION_VARIABLE] ?? '') as Connection;
  private readonly contexts: BrowserContext[] = [];
  /** Uncaught errors and refused resources of all pages; what a test provokes on purpose it takes out. */
  readonly complaints: string[] = [];

  private constructor(private readonly browser: Browser) {}

  static async open(): Promise<Stage> {
    return new Stage(await chromium.connect(process.env[BROWSER_VARIABLE] ?? ''));
  }

  get url(): string {
    return this.connection.api;
  }

  /** A browser of its own: no cookies, nothing stored. */
  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      baseURL: this.url,
      locale: 'en-US',
      timezoneId: 'America/Chicago',
      ...options,
    });
    context.setDefaultTimeout(ACTION_MS);
    context.on('weberror', (error) => this.complaints.push(String(error.error())));
    context.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) this.complaints.push(message.text());
    });
    this.contexts.push(context);
    return context;
  }

  /** A page of somebody who has signed in through the issuer's own page. */
  async pageOf(who: Who, options?: BrowserContextOptions): Promise<Page> {
    const page = await (await this.context(options)).newPage();
    await this.signIn(page, who);
    return page;
  }

  /** From the page through the issuer's and back. */
  async signIn(page: Page, who: Who): Promise<void> {
    const { email } = this.userOf(who);
    await page.goto('/');
    await page.getByRole('link', { name: en.signIn.with('') }).click();
    await page.locator(`form:has(input[value="${email}"]) button`).click();
    await page.getByRole('navigation').first().waitFor();
  }

  userOf(who: Who): ConnectionUser {
    const user = this.connection.users?.find(
      ({ role, tenants }) => role === who || (role === 'staff' && tenants?.includes(who) === true),
    );
    if (!user) throw new Error(`there is no demo user for ${who}`);
    return user;
  }

  async close(): Promise<void> {
    for (const context of this.contexts) await context.close();
    await this.browser.close();
  }
}

/** What axe-core finds on the page as it is now, in words that say where; empty is good. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ runOnly: rules });
    return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`));
  }, RULES);
}

interface Axe {
  run(options: { runOnly: string[] }): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
}

/** How much a colour of an element differs from what the element lies on, as WCAG 2.2 counts it (§1.4.3, contrast ratio). */
export async function contrastOf(
  element: Locator,
  property: 'borderTopColor' | 'outlineColor' | 'backgroundColor',
): Promise<number> {
  return element.evaluate((own, name) => {
    const { getComputedStyle } = globalThis as unknown as { getComputedStyle(of: unknown): Record<string, string> };
    const luminance = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? [])
        .map((part) => Number(part) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const isClear = (colour = ''): boolean => colour === 'transparent' || colour === 'rgba(0, 0, 0, 0)';
    let below = own.parentElement;
    while (below && isClear(getComputedStyle(below)['backgroundColor'])) below = below.parentElement;
    const [one, other] = [getComputedStyle(own)[name] ?? '', getComputedStyle(below ?? own)['backgroundColor'] ?? ''].map(
      luminance,
    );
    return (Math.max(one ?? 0, other ?? 0) + 0.05) / (Math.min(one ?? 0, other ?? 0) + 0.05);
  }, property);
}

/** Those of docs/web.md and the README. */
const IN_DOCS = new Set(['jobs-wide-light', 'job-wide-light', 'job-narrow-dark', 'new-job-preview', 'admin-partner-wide-light']);

/**
 * Keeps a picture of the page: all of them in the directory that SCREENSHOTS names, or with UPDATE_SCREENSHOTS=1 those of the
 * documentation in docs/images. Otherwise none, since pictures differ from machine to machine.
 */
export async function pictureFor(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS, UPDATE_SCREENSHOTS } = process.env;
  const directory = SCREENSHOTS || (UPDATE_SCREENSHOTS === '1' && IN_DOCS.has(name) ? join(ROOT, 'docs/images') : undefined);
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), animations: 'disabled' });
}
