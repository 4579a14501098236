/** Why a file is not taken, said before anything of it is sent. The server refuses the same. */
export type FileFault =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too_large'; readonly maxBytes: number }
  | { readonly kind: 'wrong_type'; readonly fileTypes: readonly string[] };

/** @param fileTypes extensions without the dot, in lower case. */
export function checkFile(
  { name, size }: { readonly name: string; readonly size: number },
  fileTypes: readonly string[],
  maxBytes: number,
): FileFault | null {
  const lower = name.trim().toLowerCase();
  // A name that is nothing but an extension has none.
  if (!fileTypes.some((type) => lower.endsWith(`.${type}`) && lower.length > type.length + 1))
    return { kind: 'wrong_type', fileTypes };
  if (size === 0) return { kind: 'empty' };
  return size > maxBytes ? { kind: 'too_large', maxBytes } : null;
}
