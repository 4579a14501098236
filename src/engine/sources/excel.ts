import { readFile } from 'node:fs/promises';
import type { SheetData } from 'read-excel-file/universal';
import { BundleError } from '../errors';
import type { NodeConfig } from '../project/node-config';
import { pyStr } from '../python/print';
import { pyFloat, pyInt, type Value } from '../python/values';
import { layoutOf, type Row } from '../table';
import { settleCells } from './excel-columns';
import { fillMergedHeader, multipleHeader, readHeaderRows, singleHeader } from './header';
import { tableOf, type FormatPlanner, type SourceFile } from './source';
import { unzip, ZipError } from './zip-archive';

/** What a workbook may be when it is unpacked: about a million rows of ten columns. */
const maxUnpackedBytes = 256 * 1024 * 1024;
/** The cells of a sheet, empty ones among them, which a few bytes can ask for. */
const maxCells = 20_000_000;

/**
 * One sheet of an `.xlsx` workbook: the first, or the one that `sheet` names or counts (from 0). Cells have the types that pandas gives
 * them: an empty one is the empty text, and dates are the texts that Python prints. The workbook is held in memory.
 */
export const planExcel: FormatPlanner = (config) => {
  const header = readHeaderRows(config);
  const sheet = readSheetSetting(config);
  return async (file) => {
    const cells = await readCells(file, sheet);
    const chosen = header.rows.map((index) => cells[index]);
    if (chosen.some((row) => row === undefined)) {
      throw new BundleError('input_invalid', cells.length === 0 ? 'the sheet is empty' : 'there is no such header row', {
        file: file.label,
      });
    }
    const titles = (chosen as Row[]).map((row) => row.map((value) => pyStr(value)));
    const names = header.isMultiple
      ? multipleHeader(fillMergedHeader(titles), header.fillSparse)
      : singleHeader(titles[0] as string[]);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw config.error(`two columns of ${file.label} would be named \`${twice}\``, 'header_rows', 'input_invalid');
    }
    const rows = cells.slice(header.skipLines + 1);
    const layout = layoutOf(names);
    const columns = layout.columns.map((column) => ({ ...column, type: settleCells(rows, column.slot) }));
    return tableOf({ ...layout, columns }, rows);
  };
};

/** A number counts from 0; the library counts from 1. */
function readSheetSetting(config: NodeConfig): string | number {
  const sheet = config.value('sheet') ?? 0;
  if (typeof sheet === 'string') {
    return sheet;
  }
  if (typeof sheet !== 'number' || !Number.isInteger(sheet) || sheet < 0) {
    throw config.error('`sheet` must be the name of a sheet, or its number, the first being 0', 'sheet');
  }
  return sheet + 1;
}

async function readCells(file: SourceFile, sheet: string | number): Promise<Row[]> {
  const bytes = await readFile(file.path);
  file.countBytes(bytes.length);
  checkSize(bytes, file);
  // Few bundles read workbooks, and every run would pay for loading the library.
  const { readSheet, SheetNotFoundError } = await import('read-excel-file/universal');
  let data: SheetData<Value>;
  try {
    data = await readSheet<Value>(toArrayBuffer(bytes), sheet, { parseNumber, trim: false });
  } catch (error) {
    const detail =
      error instanceof SheetNotFoundError
        ? `there is no sheet ${typeof sheet === 'string' ? `\`${sheet}\`` : sheet - 1}`
        : 'the workbook is broken; save it again, or as CSV';
    throw new BundleError('input_invalid', detail, { file: file.label }, { cause: error });
  }
  return data.map((row) => row.map(toValue));
}

/** Refuses what would take more memory than a workbook may. @throws BundleError */
function checkSize(bytes: Buffer, file: SourceFile): void {
  try {
    for (const content of unzip(bytes, (path) => /\.(xml|rels)$/.test(path), maxUnpackedBytes).values()) {
      if (content.includes('sheetData') && countCells(content.toString('latin1')) > maxCells) {
        throw new ZipError('too_large');
      }
    }
  } catch (error) {
    if (!(error instanceof ZipError)) {
      throw error;
    }
    throw error.fault === 'too_large'
      ? new BundleError('limit_exceeded', 'the workbook is too large; save it as CSV', { file: file.label })
      : new BundleError('input_invalid', 'the file is no .xlsx workbook, or broken; save it as .xlsx or as CSV', {
          file: file.label,
        });
  }
}

/** The size of the rectangle in which a sheet says its cells are: `r="AB12"` of cells and `r="12"` of rows. */
function countCells(sheet: string): number {
  let [rows, columns] = [0, 0];
  for (const [, letters, digits] of sheet.matchAll(/\sr\s*=\s*["']([A-Za-z]*)([^"']*)["']/g)) {
    // What is not written plainly cannot be counted.
    const row = /^\d*$/.test(digits as string) ? Number(digits) : Infinity;
    const column = [...(letters as string).toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
    rows = Math.max(rows, row);
    columns = Math.max(columns, column, 1);
  }
  return rows * columns;
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  bytes.copy(new Uint8Array(copy));
  return copy;
}

/** Whole numbers are integers, however they are written. */
function parseNumber(text: string): Value {
  if (/^[+-]?\d+$/.test(text)) {
    return pyInt(BigInt(text));
  }
  const number = Number(text);
  return Number.isInteger(number) ? pyInt(BigInt(number)) : pyFloat(number);
}

function toValue(cell: SheetData<Value>[number][number]): Value {
  if (cell === null) {
    return '';
  }
  // The library's type for a date is the class.
  return cell instanceof Date ? printDate(cell) : (cell as Value);
}

/** Python's `str` of a datetime, or of a time, for which a workbook has a part of the day before its first date. */
function printDate(date: Date): string {
  const [day, rest] = date.toISOString().slice(0, -1).split('T') as [string, string];
  const time = rest.replace(/\.(\d{3})$/, (_, millis: string) => (millis === '000' ? '' : `.${millis}000`));
  return day < '1900-01-01' ? time : `${day} ${time}`;
}
