import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the page's build has left, as it is served. */
export interface BuiltPage {
  /** Where the assets are. */
  readonly directory: string;
  /** The document, with `%STYLE_NONCE%` and `%PROBLEM%` where the nonce of an answer and the code of a problem go. */
  readonly document: string;
  /** Assets by name. Each name has its content's hash in it. */
  readonly assets: ReadonlyMap<string, { readonly br: boolean; readonly gzip: boolean }>;
}

/** @returns null where there is no build in the directory */
export function readBuiltPage(directory: string): BuiltPage | null {
  try {
    const assets = join(directory, 'assets');
    const names = new Set(readdirSync(assets));
    const plain = [...names].filter((name) => !/\.(br|gz)$/.test(name));
    return {
      directory: assets,
      document: readFileSync(join(directory, 'index.html'), 'utf8'),
      assets: new Map(plain.map((name) => [name, { br: names.has(`${name}.br`), gzip: names.has(`${name}.gz`) }])),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
