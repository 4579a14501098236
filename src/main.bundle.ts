import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BundleError, runBundle } from './engine';

const usage = `Runs a bundle by hand.

  npm run bundle -- DIRECTORY [options]

  --param NAME=VALUE    a parameter of the bundle (repeatable)
  --input NAME=PATH     an input file, by the name of its parameter, such as INPUT_FILE (repeatable)
  --out DIRECTORY       where the outputs go (default: ./output)
  --packages DIRECTORY  a checkout of the registry, for packages from git`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      param: { type: 'string', multiple: true, default: [] },
      input: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: 'output' },
      packages: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [directory] = positionals;
  if (values.help || directory === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  mkdirSync(values.out, { recursive: true });
  const started = performance.now();
  const isTerminal = process.stderr.isTTY;
  const result = await runBundle({
    directory,
    params: pairs(values.param),
    inputs: pairs(values.input),
    outputDirectory: values.out,
    packagesDirectory: values.packages,
    onProgress: ({ rowsRead, bytesRead }) => {
      if (isTerminal) {
        const seconds = (performance.now() - started) / 1000;
        const line = `${rowsRead} rows, ${(bytesRead / 1e6).toFixed(1)} MB, ${Math.round(rowsRead / seconds)} rows/s`;
        process.stderr.write(`\r${line.padEnd(60)}`);
      }
    },
  });
  if (isTerminal) {
    process.stderr.write('\r'.padEnd(61) + '\r');
  }
  for (const warning of result.warnings) {
    console.error(`warning: ${warning.file ?? ''}:${warning.line ?? ''}: ${warning.node ?? ''}: ${warning.detail}`);
  }
  for (const { name, records, bytes } of result.outputs) {
    console.log(`${name.padEnd(60)} ${String(records).padStart(9)} rows ${String(bytes).padStart(12)} bytes`);
  }
  console.log(`${result.rowsRead} rows read in ${((performance.now() - started) / 1000).toFixed(2)} s`);
  return 0;
}

function pairs(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) {
        throw new Error(`\`${pair}\` must be NAME=VALUE`);
      }
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof BundleError ? `${error.code}: ${error.message}` : error);
    process.exitCode = 1;
  },
);
