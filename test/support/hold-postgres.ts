import { startLocalPostgres } from '../../src/local/postgres/local-postgres';

/** `node -r ./typescript-register.js hold-postgres.ts DIRECTORY`: a process to kill. Prints its server as JSON when it is up. */
startLocalPostgres({ directory: process.argv[2]! }).then(
  (server) => {
    console.log(JSON.stringify(server));
    setInterval(() => undefined, 60_000);
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
