import { problemStatus, type ProblemCode } from './problem-codes';

/** One of the faults of a request: where it is (exactly one of the three places) and what is wrong there. */
export interface ProblemDetail {
  /** JSON pointer into the body (RFC 6901). */
  readonly pointer?: string;
  /** A query parameter's name. */
  readonly parameter?: string;
  /** A header's name. */
  readonly header?: string;
  readonly code: ProblemCode;
  readonly detail: string;
}

/** The one error that reaches a client. What is not a Problem is answered as `internal_error` and only logged. */
export class Problem extends Error {
  /** Of HTTP. */
  readonly status: number;
  readonly errors: readonly ProblemDetail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param detail for people: what is wrong, where, and what to do. Never a value that belongs to somebody else.
   * @param options.errors every fault of the request, where there are several places.
   * @param options.headers more headers of the answer, such as `WWW-Authenticate`.
   * @param options.inPath it is the path that names what the code is about; some codes have another status then.
   * @param options.cause for the log only.
   */
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    options: {
      errors?: readonly ProblemDetail[];
      headers?: Readonly<Record<string, string>>;
      inPath?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = 'Problem';
    this.status = problemStatus(code, options.inPath ?? false);
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

/** A name as one reference token of a JSON pointer (RFC 6901 §3). */
export const pointerToken = (name: string): string => name.replace(/~/g, '~0').replace(/\//g, '~1');
