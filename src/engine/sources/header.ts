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
