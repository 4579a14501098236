/** What to do after an upload failed. */
export type UploadFailure =
  /** The connection, the server or the store is in trouble, or a URL is worn out: the same again, later. */
  | { readonly kind: 'passing' }
  /** The upload in parts is gone: from its start, with a new one. */
  | { readonly kind: 'begin_again' }
  /** The store refuses; a fresh URL may help, but not for ever. */
  | { readonly kind: 'refused' }
  /** Nothing helps; `code` is the problem's. */
  | { readonly kind: 'final'; readonly code: string };

/** Problems of the server, and of the way to it, that pass. */
const PASSING = new Set([
  'unreachable',
  'storage_unavailable',
  'database_unavailable',
  'internal_error',
  'rate_limited',
  'request_timeout',
  // The parts are listed again, and the missing ones sent.
  'parts_missing',
]);

/**
 * @param error of a call of the server (with the `code` of its problem), or of a request to the store as Uppy gives it, with the request
 *   as `source`; its status is 0 where there was no answer.
 */
export function classifyFailure(error: unknown): UploadFailure {
  const { code, source } = (error ?? {}) as { code?: unknown; source?: { status?: unknown } };
  if (typeof code === 'string') {
    if (code === 'upload_not_found') return { kind: 'begin_again' };
    return PASSING.has(code) ? { kind: 'passing' } : { kind: 'final', code };
  }
  const status = Number(source?.status ?? 0);
  if (status === 404) return { kind: 'begin_again' };
  return { kind: status >= 400 && status < 500 && status !== 429 ? 'refused' : 'passing' };
}
