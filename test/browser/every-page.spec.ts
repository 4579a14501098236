import type { Page } from 'playwright-core';
import { en } from '../../src/client/texts/en';
import { fillInJob, submit } from './support/new-job';
import { accessibilityFaults, contrastOf, pictureFor, Stage } from './support/stage';

const WIDTHS = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } } as const;
const SCHEMES = ['light', 'dark'] as const;

/** In both themes, on a desk and on a phone. */
describe('every page', () => {
  let stage: Stage;
  let page: Page;
  let jobPage: string;
  beforeAll(async () => {
    stage = await Stage.open();
    page = await stage.pageOf('operator');
    await page.goto('/partners/demo/tenants/north/jobs');
    await fillInJob(page);
    await submit(page);
    await page.getByRole('main').getByText(en.jobs.statuses.succeeded, { exact: true }).first().waitFor({ timeout: 60_000 });
    jobPage = new URL(page.url()).pathname;
  });
  afterAll(() => stage.close());

  const TENANT = '/partners/demo/tenants/north';
  const pages: readonly [string, () => string][] = [
    ['jobs', () => `${TENANT}/jobs`],
    ['job', () => jobPage],
    ['new-job', () => `${TENANT}/jobs/new`],
    ['help', () => `${TENANT}/help`],
    ['help-of-a-bundle', () => `${TENANT}/help/assessments/Harbor_Reading`],
    ['admin-partners', () => '/admin/partners'],
    ['admin-partner', () => '/admin/partners/demo'],
    ['admin-school-years', () => '/admin/partners/demo/school-years'],
    ['admin-bundles', () => '/admin/partners/demo/bundles'],
    ['admin-partner-users', () => '/admin/partners/demo/users'],
    ['admin-api-clients', () => '/admin/partners/demo/api-clients'],
    ['admin-ods-connections', () => '/admin/partners/demo/tenants/north'],
    ['admin-users', () => '/admin/users'],
    ['admin-registry', () => '/admin/registry'],
    ['admin-audit', () => '/admin/audit'],
    ['not-found', () => '/nowhere'],
  ];

  it.each(pages)('%s has no fault that axe-core finds, fits the screen, and runs under its policy', async (name, path) => {
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.goto(path());
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForFunction(() => globalThis.document.querySelector('[aria-busy=true]') === null);
      for (const [size, viewport] of Object.entries(WIDTHS)) {
        await page.setViewportSize(viewport);
        await pictureFor(page, `${name}-${size}-${scheme}`);
        const faults = await accessibilityFaults(page);
        expect({ scheme, size, faults }).toEqual({ scheme, size, faults: [] });
        const overflow = await page.evaluate(() => {
          const { documentElement } = globalThis.document;
          return documentElement.scrollWidth - documentElement.clientWidth;
        });
        expect({ scheme, size, overflow }).toEqual({ scheme, size, overflow: 0 });
      }
    }
    expect(stage.complaints).toEqual([]);
  });

  it.each(SCHEMES)(
    'fields, boxes, switches and the focus stand out by 3:1 in the %s theme (WCAG 2.2 §1.4.11)',
    async (scheme) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(WIDTHS.wide);
      await page.goto('/admin/partners/demo/school-years');
      const [field, box] = [
        page.getByRole('textbox', { name: en.admin.schoolYears.addYear }),
        page.getByRole('checkbox').first(),
      ];
      expect(await contrastOf(field, 'borderTopColor')).toBeGreaterThan(3);
      expect(await contrastOf(box, 'borderTopColor')).toBeGreaterThan(3);
      await field.focus();
      expect(await contrastOf(field, 'borderTopColor')).toBeGreaterThan(3);
      await page.keyboard.press('Tab');
      expect(await contrastOf(page.locator(':focus-visible'), 'outlineColor')).toBeGreaterThan(3);
      await page.goto('/admin/partners/demo/bundles');
      const off = page.getByRole('switch', { name: en.admin.bundles.onlyEnabled });
      expect(await contrastOf(off.locator('xpath=following-sibling::*[1]'), 'backgroundColor')).toBeGreaterThan(3);
    },
  );

  it('sign-in has none either', async () => {
    const visitor = await (await stage.context()).newPage();
    await visitor.goto('/sign-in');
    await visitor.getByRole('heading', { level: 1 }).waitFor();
    expect(await accessibilityFaults(visitor)).toEqual([]);
    await pictureFor(visitor, 'sign-in-wide-light');
  });

  it('can be used with the keyboard alone: the first Tab leads past the navigation', async () => {
    await page.setViewportSize(WIDTHS.wide);
    await page.goto(`${TENANT}/jobs`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(() => (globalThis.document.activeElement as { blur?(): void } | null)?.blur?.());
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: en.common.skipToContent });
    expect(await skip.evaluate((link) => link === globalThis.document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => globalThis.document.activeElement?.closest('main') !== null)).toBe(true);
  });
});
