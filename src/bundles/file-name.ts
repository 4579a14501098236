/** ext4, APFS, NTFS and S3 tools agree on this for one name. */
const MAX_FILE_NAME_BYTES = 255;

/**
 * Characters that no file name needs: separators, controls, and Unicode's bidirectional controls (UAX #9 §2), which can show a
 * name as another one.
 */
const FORBIDDEN = /[/\\\p{Cc}\p{Bidi_Control}]/u;

/** A file name as it is kept and shown: without white space around it. */
export const normalizeFileName = (name: string): string => name.trim();

/**
 * Says what is wrong with a normalized file name; null: nothing. Names are for people only and no path is ever made of them, so
 * reserved names, markup and the like are ordinary data.
 */
export function fileNameFault(name: string): string | null {
  if (name === '') return 'must not be empty';
  if (Buffer.byteLength(name) > MAX_FILE_NAME_BYTES) return `must be at most ${MAX_FILE_NAME_BYTES} bytes in UTF-8`;
  if (name === '.' || name === '..') return 'must be the name of a file';
  if (FORBIDDEN.test(name)) return 'must not have a slash, a backslash, a control or a bidirectional control character';
  return null;
}
