/** A page of a list with the position from which to go on; null where nothing follows. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly position: string | null;
}

/**
 * @param rows one more than the page has, where there are as many.
 * @param positionOf the place of a row in the list.
 */
export function toPage<T>(rows: readonly T[], limit: number, positionOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, position: last !== undefined && rows.length > limit ? positionOf(last) : null };
}
