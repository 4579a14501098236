export interface ListQuery {
  prefix: string;
  /** Keys with this string after the prefix are rolled up into one common prefix. */
  delimiter?: string;
  /** The key or common prefix that the page comes after. */
  after?: string;
  maxKeys: number;
}

export interface ListEntry {
  kind: 'key' | 'common_prefix';
  name: string;
}

export interface ListPage {
  entries: ListEntry[];
  isTruncated: boolean;
}

/** One page of a bucket's keys in S3's order, which is that of their UTF-8 bytes. Keys and common prefixes count alike. */
export function listPage(keys: Iterable<string>, { prefix, delimiter, after, maxKeys }: ListQuery): ListPage {
  const entries: ListEntry[] = [];
  for (const key of sortByBytes([...keys].filter((candidate) => candidate.startsWith(prefix)))) {
    const entry = toEntry(key, prefix, delimiter);
    const isRolledUp = entry.kind === 'common_prefix';
    if (after !== undefined && (compareBytes(key, after) <= 0 || (isRolledUp && entry.name === after))) continue;
    if (isRolledUp && entries.at(-1)?.name === entry.name) continue;
    if (entries.length === maxKeys) return { entries, isTruncated: maxKeys > 0 };
    entries.push(entry);
  }
  return { entries, isTruncated: false };
}

function toEntry(key: string, prefix: string, delimiter: string | undefined): ListEntry {
  const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
  return end < 0 || !delimiter
    ? { kind: 'key', name: key }
    : { kind: 'common_prefix', name: key.slice(0, end + delimiter.length) };
}

/** UTF-16 order, which JavaScript compares by, differs from that of UTF-8 beyond U+FFFF. */
export function sortByBytes(keys: readonly string[]): string[] {
  return keys
    .map((key) => ({ key, bytes: Buffer.from(key) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ key }) => key);
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
