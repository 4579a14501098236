import { valueText } from './value-text';

/** One field of what was changed. `removed` is what it was, `added` what it is now; of a list only the items that differ. */
export interface AuditChange {
  /** Dotted, e.g. `roles` or `limits.jobs`. */
  readonly field: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * What an audit record's `before` and `after` differ in, for reading: objects field by field, lists as sets. Fields that did not
 * change are left out.
 *
 * @param before null: there was nothing before. @param after null: nothing is left.
 */
export function auditChanges(before: unknown, after: unknown): AuditChange[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((field) => {
      const [old, now] = [was.get(field) ?? [], is.get(field) ?? []];
      const [removed, added] = [old.filter((text) => !now.includes(text)), now.filter((text) => !old.includes(text))];
      return { field, removed, added };
    })
    .filter(({ removed, added }) => removed.length > 0 || added.length > 0);
}

/** Each leaf or list of a value by its path. What is null or absent has no text, so setting it reads as an addition. */
function fieldsOf(value: unknown, path = ''): Map<string, string[]> {
  if (isObject(value))
    return new Map(Object.entries(value).flatMap(([key, child]) => [...fieldsOf(child, path === '' ? key : `${path}.${key}`)]));
  if (value === null || value === undefined) return new Map();
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return new Map([[path, values.map((one) => valueText(path, one))]]);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
