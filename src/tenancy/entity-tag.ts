/**
 * Which version of something an edit is meant for: one with one of these entity tags, whichever there is, or none, as it is to be
 * made. The `If-Match` and `If-None-Match` of RFC 9110 §13.1.
 *
 * An edit whose outcome is there already succeeds in any case (§13.1.1): it may have been sent again because its answer was lost.
 */
export type Precondition =
  { readonly kind: 'one_of'; readonly tags: readonly string[] } | { readonly kind: 'any' } | { readonly kind: 'none' };

/** An edit that was not made, since what it is about is no longer as its precondition says. */
export interface PreconditionFailed {
  kind: 'precondition_failed';
  /** The name of who changed it last, as far as the audit has it and the one who asks may know. */
  editor: string | null;
}

/**
 * SQL of a strong entity tag (RFC 9110 §8.8.3) over what an edit replaces: another one as soon as that is another.
 *
 * It is made of the content and not a count of changes, so that no writer, provisioning included, can forget it, and so that roles
 * at one partner tell nothing of changes at others.
 */
export const entityTag = (...columns: readonly string[]): string =>
  `'"' || left(encode(sha256(convert_to(json_build_array(${columns.join(', ')})::text, 'UTF8')), 'hex'), 32) || '"'`;

/**
 * SQL of whether a row is as an edit's precondition says, for the `WHERE` of the statement that writes. What the tag is over is also in
 * other rows, so the row that all its writers lock has to be locked in a statement before: only a statement after that sees them as
 * they are.
 *
 * @param tag SQL of the row's tag. @param parameter of `matchedTags`.
 */
export const isAsExpected = (tag: string, parameter: string): string =>
  `(${parameter}::text[] IS NULL OR ${tag} = ANY (${parameter}::text[]))`;

/** The tags that a row that there is may have; null: any. */
export function matchedTags(precondition: Precondition): readonly string[] | null {
  switch (precondition.kind) {
    case 'one_of':
      return precondition.tags;
    case 'any':
      return null;
    case 'none':
      return [];
    default:
      return precondition satisfies never;
  }
}
