/** One of the faults of a request; where it is, is a pointer into the body or the name of a parameter. */
export interface ProblemFault {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly code: string;
  readonly detail: string;
}

/** Whatever the server refuses, as its problem document (RFC 9457) says it, and also that it did not answer at all. */
export class ProblemError extends Error {
  constructor(
    /** Of HTTP; 0 where there was no answer. */
    readonly status: number,
    /** The server's stable code, or `unreachable` where there was no answer that we understand. */
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly ProblemFault[] = [],
    readonly requestId: string | null = null,
    /** For how many seconds asking again is of no use; null where that is not told. */
    readonly retryAfter: number | null = null,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'ProblemError';
  }
}

/** @param body as parsed; a proxy before the server may have sent anything. */
export function toProblemError({ status, headers }: Pick<Response, 'status' | 'headers'>, body: unknown): ProblemError {
  if (typeof body !== 'object' || body === null || !('code' in body) || typeof body.code !== 'string')
    return new ProblemError(status, 'unreachable', '');
  const { code, detail, errors, requestId } = body as { code: string; detail?: unknown; errors?: unknown; requestId?: unknown };
  return new ProblemError(
    status,
    code,
    typeof detail === 'string' ? detail : '',
    Array.isArray(errors) ? (errors as ProblemFault[]) : [],
    typeof requestId === 'string' ? requestId : null,
    Number(headers.get('Retry-After')) || null,
  );
}

/** Whether it says that somebody else has changed meanwhile what was to be changed. */
export const isConflict = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && error.code === 'precondition_failed';

/** Whether it says that what the path names is not there, or not for this user. */
export const isNotFound = (error: unknown): boolean => error instanceof ProblemError && error.status === 404;
