import { ConfigError } from './config/load-config';

/** Runs a program's main function; what it throws ends the process with status 1 and one readable message. */
export function runProgram(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exit(1);
  });
}
