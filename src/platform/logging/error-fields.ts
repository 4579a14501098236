import { stdSerializers } from 'pino';

interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  /** As Node and Postgres name what happened. */
  readonly code: unknown;
  /** Those of an AggregateError. */
  readonly errors?: readonly ErrorFields[];
}

/**
 * What the log has of an error. Whatever else libraries put on theirs stays out: the parameters of a statement, the row that Postgres
 * shows in `detail` and `where`, the headers of a request.
 *
 * @param error anything that was thrown
 */
export function errorFields(error: unknown): ErrorFields {
  const { type, message, stack, aggregateErrors, raw } = stdSerializers.err(
    error instanceof Error ? error : new Error(`not an error: ${typeof error}`),
  );
  const errors = aggregateErrors && { errors: aggregateErrors.map((each: { raw: Error }) => errorFields(each.raw)) };
  return { type, message, stack, code: (raw as { code?: unknown }).code, ...errors };
}
