import { parameter, RequestContext } from './context';
import { S3Error } from './errors';
import { uriEncode } from './target';
import type { XmlNode } from './xml';

const MAX_PAGE = 1000;

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

/** `encoding-type=url` is for keys that XML 1.0 cannot carry. */
export function textEncoder(context: RequestContext): (text: string) => string {
  return parameter(context, 'encoding-type') === 'url' ? (text) => text.split('/').map(uriEncode).join('/') : (text) => text;
}

export function encodingType(context: RequestContext): XmlNode {
  return parameter(context, 'encoding-type') === 'url' ? ['EncodingType', 'url'] : undefined;
}

/** How many entries a page may have: what the parameter of this name asks for, and never more than S3 gives. */
export function parseMaximum(context: RequestContext, name: 'max-keys' | 'max-parts' | 'max-uploads'): number {
  const text = parameter(context, name) ?? String(MAX_PAGE);
  if (!/^\d{1,9}$/.test(text)) {
    const details = { ArgumentName: name, ArgumentValue: text };
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, { details });
  }
  return Math.min(Number(text), MAX_PAGE);
}
