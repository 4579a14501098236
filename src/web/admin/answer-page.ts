import type { Cursors, CursorScope } from '../../platform/paging/cursors';

export interface PageAnswer<T> {
  items: T[];
  nextCursor: string | null;
  hasMore: boolean;
}

/** A page of the core as its list's answer. @param scope for whom and which list the cursor is good. */
export function answerPage<T, D>(
  { items, position }: { readonly items: readonly T[]; readonly position: string | null },
  toDto: (item: T) => D,
  cursors: Cursors,
  scope: CursorScope,
): PageAnswer<D> {
  const nextCursor = position === null ? null : cursors.encode(position, scope);
  return { items: items.map(toDto), nextCursor, hasMore: nextCursor !== null };
}
