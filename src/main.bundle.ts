import { parseCommand, runCommand, usage } from './engine/command';

async function main(): Promise<number> {
  const parsed = parseCommand(process.argv.slice(2));
  switch (parsed.kind) {
    case 'help':
      console.log(usage);
      return 0;
    case 'usage_error':
      console.error(`${parsed.detail}\n\n${usage}`);
      return 2;
    case 'command':
      return runCommand(parsed.command, {
        isTerminal: process.stderr.isTTY,
        out: (line) => console.log(line),
        error: (line) => console.error(line),
        overwrite: (text) => process.stderr.write(`\r${text}`),
      });
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error('The engine failed, which is its own fault:', error);
    process.exitCode = 1;
  },
);
