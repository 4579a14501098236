import { decodeStart, type Oddity } from './decode-start';
import { PREVIEW_ROWS, readTable } from './read-table';

export type FilePreview =
  | {
      readonly kind: 'table';
      /** The first rows, a header among them. */
      readonly rows: readonly (readonly string[])[];
      readonly oddities: readonly (Oddity | 'unusual_delimiter')[];
      /** Of a text of several columns. */
      readonly delimiter: string | null;
    }
  /** Of a type whose rows are not read here. */
  | { readonly kind: 'no_table' }
  /** A workbook too large to be unpacked just to be looked at. */
  | { readonly kind: 'too_large_to_show' }
  /** It is not what its name says, or the browser may not read it any more. */
  | { readonly kind: 'unreadable'; readonly oddities: readonly Oddity[] };

/** Of a text only so much is read, whatever its size. */
const START_BYTES = 256 * 1024;
const MAX_WORKBOOK_BYTES = 20 * 1024 * 1024;

/** What separates fields in a file of this type, unless its bundle says otherwise. */
const USUAL_DELIMITERS: Readonly<Record<string, string>> = { csv: ',', tsv: '\t', tab: '\t' };

/** Reads the first rows of a file that is still on the user's machine. */
export async function previewFile(file: File): Promise<FilePreview> {
  const type = /\.([^.]+)$/.exec(file.name.toLowerCase())?.[1] ?? '';
  try {
    if (type === 'xlsx') return await previewWorkbook(file);
    return ['csv', 'tsv', 'tab', 'txt', 'psv', 'dat'].includes(type) ? await previewText(file, type) : { kind: 'no_table' };
  } catch {
    return { kind: 'unreadable', oddities: [] };
  }
}

async function previewText(file: File, type: string): Promise<FilePreview> {
  const isWhole = file.size <= START_BYTES;
  const bytes = new Uint8Array(await file.slice(0, START_BYTES).arrayBuffer());
  const { text, oddities } = decodeStart(bytes, isWhole);
  if (oddities.includes('zip')) return { kind: 'unreadable', oddities };
  const { rows, delimiter } = readTable(text, isWhole);
  const usual = USUAL_DELIMITERS[type];
  const isUnusual = usual !== undefined && delimiter !== null && delimiter !== usual;
  return { kind: 'table', rows, delimiter, oddities: isUnusual ? [...oddities, 'unusual_delimiter'] : oddities };
}

async function previewWorkbook(file: File): Promise<FilePreview> {
  if (file.size > MAX_WORKBOOK_BYTES) return { kind: 'too_large_to_show' };
  const { readSheet } = await import('read-excel-file/browser');
  const sheet = await readSheet(file, { trim: false });
  const rows = sheet.slice(0, PREVIEW_ROWS).map((row) => row.map(cellText));
  return { kind: 'table', rows, delimiter: null, oddities: [] };
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
}
