import Papa from 'papaparse';

export interface Table {
  readonly rows: readonly (readonly string[])[];
  /** null where every line is one field, so that nothing delimits. */
  readonly delimiter: string | null;
}

/** Enough to find a header below some lines of a vendor's own. */
export const PREVIEW_ROWS = 30;

/**
 * Reads the first rows of a delimited text, its header among them; blank lines are left out. The delimiter is guessed.
 *
 * @param isWhole whether this is all of the file; if not, the last line is left out, which may be cut.
 */
export function readTable(text: string, isWhole: boolean): Table {
  const end = isWhole ? text.length : Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
  // A first line that is itself longer than what was read is shown all the same.
  const lines = end === 0 ? text : text.slice(0, end);
  const { data, meta } = Papa.parse<string[]>(lines, { preview: PREVIEW_ROWS, skipEmptyLines: true });
  const isDelimited = data.some((row) => row.length > 1);
  return { rows: data, delimiter: isDelimited ? meta.delimiter : null };
}
