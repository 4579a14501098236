/** The columns that a bundle's file has, as the bundle's YAML uses them. */
export interface ExpectedColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** A column that the bundle needs and the file has not. */
export interface MissingColumn {
  readonly name: string;
  /** One that differs only in case, spaces or punctuation, which is often the one that was meant. */
  readonly similar: string | null;
}

export interface ComparedColumns {
  /** Index of the row with the header. */
  readonly headerRow: number;
  readonly missing: readonly MissingColumn[];
}

/** How far down a header is looked for. A bundle says where it is, but not to the page. */
const MAX_HEADER_ROW = 10;

/**
 * Compares the first rows of a file to what the bundle expects. The header is the row that has the most of its columns, the first of
 * several, so that lines above a header are no reason to warn.
 *
 * @param expected undefined where the bundle's columns are not known: then nothing is missing.
 */
export function compareColumns(rows: readonly (readonly string[])[], expected: ExpectedColumns | undefined): ComparedColumns {
  const known = new Set([...(expected?.required ?? []), ...(expected?.optional ?? [])]);
  let headerRow = 0;
  let most = 0;
  rows.slice(0, MAX_HEADER_ROW).forEach((row, index) => {
    const matches = new Set(row.filter((name) => known.has(name))).size;
    if (matches > most) [headerRow, most] = [index, matches];
  });
  const header = rows[headerRow] ?? [];
  const missing = (expected?.required ?? [])
    .filter((name) => !header.includes(name))
    .map((name) => ({ name, similar: header.find((other) => simplified(other) === simplified(name)) ?? null }));
  return { headerRow, missing };
}

const simplified = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
