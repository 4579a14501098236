import { createHash } from 'node:crypto';

/**
 * SHA-256 of a JSON value, the same however its members are ordered and its text is written: the value is put into the
 * canonical form of RFC 8785. Its depth was limited before.
 *
 * @param body undefined is no body, which is the same as `{}`.
 */
export function bodyDigest(body: unknown): Buffer {
  return createHash('sha256')
    .update(canonical(body ?? {}))
    .digest();
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    // By UTF-16 code units, as §3.2.3 wants and JavaScript compares.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
