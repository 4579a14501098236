import type { BundleFiles } from './bundle-archive';
import { readBundleYaml } from './bundle-yaml';
import { expectedColumns, type ExpectedColumns } from './expected-columns';

/** What a bundle says of itself, for people. */
export interface BundleAbout {
  /** Markdown; null where the bundle has none. */
  readonly readme: string | null;
  /** The README's first paragraph, as plain text; null where there is none. */
  readonly description: string | null;
  /** Of the input files by env_var, as far as the YAML tells; a file of which it tells nothing is left out. */
  readonly columns: Readonly<Record<string, ExpectedColumns>>;
  /** Of its parameters by env_var, where the YAML has one. */
  readonly defaults: Readonly<Record<string, string>>;
}

const MAX_README_BYTES = 256 * 1024;
const MAX_DESCRIPTION = 500;

/** @param files of the bundle and its packages, by their paths in the registry. @param inputs the env_vars of its files */
export function readAbout(bundlePath: string, files: BundleFiles, inputs: readonly string[]): BundleAbout {
  const readme = readText(files, bundlePath, /^readme\.md$/i);
  const yaml = readBundleYaml(readText(files, bundlePath, /^earthmover\.ya?ml$/i));
  return {
    readme,
    description: readme === null ? null : firstParagraph(readme),
    columns: expectedColumns(yaml, inputs),
    defaults: yaml.defaults,
  };
}

function readText(files: BundleFiles, bundlePath: string, name: RegExp): string | null {
  for (const [path, bytes] of files)
    if (path.startsWith(`${bundlePath}/`) && name.test(path.slice(bundlePath.length + 1)) && bytes.length <= MAX_README_BYTES)
      return bytes.toString('utf8');
  return null;
}

/** What stands before the first blank line behind the titles, without Markdown's marks. */
export function firstParagraph(markdown: string): string | null {
  const paragraph = markdown
    .split(/\r?\n[ \t]*\r?\n/)
    .map((block) => block.replace(/^#{1,6} .*$/gm, '').trim())
    .find((block) => /^[\p{L}\p{N}*_`[("']/u.test(block) && !block.startsWith('```'));
  if (paragraph === undefined) return null;
  const text = paragraph
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION - 1)}…` : text || null;
}
