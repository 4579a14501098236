/**
 * Where a link of a bundle's README may lead: to another site, or to a place within the text (as footnotes do). Null for what leads
 * nowhere from here: the bundle's own files, and schemes other than these.
 */
export function readmeLink(href: string | undefined): { href: string; external: boolean } | null {
  if (href === undefined) return null;
  if (/^#./.test(href)) return { href, external: false };
  return /^(https?:\/\/|mailto:)/i.test(href) ? { href, external: true } : null;
}
