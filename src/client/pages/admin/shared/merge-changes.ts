/**
 * A list that two people have changed at once: the newest one, without what the reader took away of the version that they went out
 * from, and with what they put in.
 *
 * @param keyOf by which two items are the same one.
 */
export function mergeChanges<T>(before: readonly T[], mine: readonly T[], newest: readonly T[], keyOf: (item: T) => string): T[] {
  const [had, has, there] = [before, mine, newest].map((items) => new Set(items.map(keyOf))) as [
    Set<string>,
    Set<string>,
    Set<string>,
  ];
  return [
    ...newest.filter((item) => has.has(keyOf(item)) || !had.has(keyOf(item))),
    ...mine.filter((item) => !had.has(keyOf(item)) && !there.has(keyOf(item))),
  ];
}
