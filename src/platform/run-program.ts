import { OperatorError } from './operator-error';

/** Runs a program's main function; what it throws ends the process with status 1 and one readable message. */
export function runProgram(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(isForPeople(error) ? error.message : error);
    process.exit(1);
  });
}

/** A plain `Error` is thrown by us with a message that says what to do; anything else is unexpected and needs its stack. */
function isForPeople(error: unknown): error is Error {
  return error instanceof OperatorError || (error instanceof Error && error.constructor === Error && !('code' in error));
}
