import { QueryFailedError } from 'typeorm';

/**
 * SQLSTATEs that mean "the server is away, starting, stopping or overloaded" (PostgreSQL, appendix A): class 08 connection
 * exceptions, 28 and 3D000 refused at the door, 53 insufficient resources, 55000 a database closed to connections, 57P0x shut
 * down, 57014 cancelled by the statement timeout, 25006 a standby.
 */
const UNAVAILABLE_STATES = /^(08|28|3D000|53|55000|57P0|57014|25006)/;
const SOCKET_ERRORS = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** `pg` and `pg-pool` give these no code: a connection that ended, or could not be had in time. */
const CODELESS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** Whether an error from a query says that Postgres cannot be reached now, rather than that the statement was wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (cause instanceof AggregateError) return cause.errors.some(isDatabaseUnavailable);
  if (!(cause instanceof Error)) return false;
  const { code } = cause as NodeJS.ErrnoException;
  return code === undefined ? CODELESS.test(cause.message) : UNAVAILABLE_STATES.test(code) || SOCKET_ERRORS.test(code);
}

/** `invalid_parameter_value`: a value of the right type that Postgres has no use for, such as a time zone that there is not. */
const INVALID_PARAMETER = '22023';

export const isInvalidParameter = (error: unknown): boolean =>
  error instanceof QueryFailedError && (error.driverError as NodeJS.ErrnoException).code === INVALID_PARAMETER;
