import type { NodeConfig } from '../project/node-config';

/** Which lines of a delimited file make its header. */
export interface HeaderRows {
  /** Records, from 0, blank lines not counted. */
  readonly rows: readonly number[];
  /** Several rows make one name of several parts. */
  readonly isMultiple: boolean;
  /** Physical lines above the last header line, blank lines counted: where the reference starts to read. */
  readonly skipLines: number;
  readonly fillSparse: boolean;
}

/** The setting `header_rows`: a number counts rows from 1 (also written as a text), a list from 0. @throws BundleError */
export function readHeaderRows(config: NodeConfig): HeaderRows {
  const value = config.value('header_rows') ?? 1;
  const fillSparse = config.optionalBoolean('fill_sparse_headers') ?? false;
  if (Array.isArray(value)) {
    const rows = value.map((item) => (typeof item === 'number' && Number.isInteger(item) && item >= 0 ? item : NaN));
    if (rows.length === 0 || rows.some(Number.isNaN)) {
      throw config.error('`header_rows` must list row numbers, the first being 0', 'header_rows');
    }
    return { rows, isMultiple: rows.length > 1, skipLines: Math.max(...rows), fillSparse };
  }
  const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1) {
    throw config.error('`header_rows` must be the number of the header row, the first being 1, or a list', 'header_rows');
  }
  return { rows: [number - 1], isMultiple: false, skipLines: number - 1, fillSparse };
}

/** The names of the columns of a header of one row, as pandas makes them unique. */
export function singleHeader(record: readonly string[]): string[] {
  const names = record.map((name, index) => (name === '' ? `Unnamed: ${index}` : name));
  // Given names keep their spelling, so the unnamed ones come last.
  const order = [...names.keys()].sort((a, b) => Number(record[a] === '') - Number(record[b] === ''));
  const counts = new Map<string, number>();
  for (const index of order) {
    const original = names[index] as string;
    let name = original;
    let count = counts.get(name) ?? 0;
    while (count > 0) {
      counts.set(original, count + 1);
      name = `${original}.${count}`;
      count = names.includes(name) ? count + 1 : (counts.get(name) ?? 0);
    }
    names[index] = name;
    counts.set(name, count + 1);
  }
  return names;
}

/**
 * The names of a header of several rows: the parts of each column joined by `__`, with one `__` at either end removed.
 *
 * @param fillSparse an empty part takes the nearest one on its left
 */
export function multipleHeader(records: readonly (readonly string[])[], fillSparse: boolean): string[] {
  const width = Math.max(...records.map((record) => record.length));
  const levels = records.map((record) => {
    let last = '';
    return Array.from({ length: width }, (_, index) => {
      const raw = record[index] ?? '';
      const part = raw.startsWith('Unnamed: ') ? '' : raw;
      last = part === '' ? last : part;
      return fillSparse ? last : part;
    });
  });
  return Array.from({ length: width }, (_, index) =>
    levels
      .map((level) => level[index] as string)
      .join('__')
      .replace(/^__/, '')
      .replace(/__$/, ''),
  );
}

/**
 * The rows of a workbook's header with what merged cells leave empty filled from the left, as pandas does: not beyond where a row above
 * has a title of its own.
 */
export function fillMergedHeader(records: readonly (readonly string[])[]): string[][] {
  const startsOwn = new Set<number>();
  return records.map((record) => {
    let last = record[0] ?? '';
    return record.map((title, index) => {
      if (index > 0 && startsOwn.has(index)) {
        last = title;
      }
      if (index > 0 && title !== '') {
        startsOwn.add(index);
        last = title;
      }
      return title === '' ? last : title;
    });
  });
}
