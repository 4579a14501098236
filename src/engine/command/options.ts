import { parseArgs } from 'node:util';
import type { BundleOptions } from '../run';

export const usage = `Runs a bundle by hand.

  npm run bundle -- DIRECTORY [options]

  -p, --param NAME=VALUE   a parameter of the bundle (repeatable)
  --input NAME=PATH        an input file, by the name of its parameter, such as INPUT_FILE (repeatable)
  --out DIRECTORY          where the outputs go (default: ./output)
  --packages DIRECTORY     a checkout of the registry, for packages from git
  --set PATH=VALUE         changes a setting, such as sources.students.file=x.csv (repeatable)
  -s, --selector NAMES     only what such nodes lead to: parts of names, separated by commas, with *
  --check                  finds everything that is wrong, without running
  --show NODE              prints the first rows of a node instead of writing outputs (repeatable)
  --rows N                 how many rows --show prints (default: 10)
  --profile                prints the rows and the time of each node
  -r, --results-file FILE  writes what the run has done, as JSON
  --progress               prints progress also where the output is no terminal
  --help                   prints this

Exits with 0, with 1 if the bundle or an input is wrong, and with 2 if the command is.`;

export interface BundleCommand {
  readonly kind: 'run' | 'check' | 'show';
  readonly bundle: BundleOptions;
  readonly outputDirectory: string;
  readonly selector: string | undefined;
  readonly show: readonly string[];
  readonly showRows: number;
  readonly profile: boolean;
  readonly progress: boolean;
  readonly resultsFile: string | undefined;
}

export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: BundleCommand }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage_error'; readonly detail: string };

/** A command line that cannot be meant. */
class UsageError extends Error {}

/** Reads the command line, without the program's name. */
export function parseCommand(args: readonly string[]): ParsedCommand {
  try {
    return readCommand(args);
  } catch (error) {
    if (error instanceof UsageError || isParseArgsError(error)) {
      return { kind: 'usage_error', detail: error.message };
    }
    throw error;
  }
}

/** What `parseArgs` throws for unknown options and missing values. */
function isParseArgsError(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && code.startsWith('ERR_PARSE_ARGS');
}

function readCommand(args: readonly string[]): ParsedCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      param: { type: 'string', short: 'p', multiple: true, default: [] },
      input: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: 'output' },
      packages: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      selector: { type: 'string', short: 's' },
      check: { type: 'boolean', default: false },
      show: { type: 'string', multiple: true, default: [] },
      rows: { type: 'string', default: '10' },
      profile: { type: 'boolean', default: false },
      progress: { type: 'boolean', default: false },
      'results-file': { type: 'string', short: 'r' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return { kind: 'help' };
  }
  const [directory, ...more] = positionals;
  if (directory === undefined || more.length > 0) {
    throw new UsageError(directory === undefined ? 'Say which bundle to run.' : `Only one bundle can be run: ${more.join(' ')}`);
  }
  if (values.check && values.show.length > 0) {
    throw new UsageError('--check and --show cannot be used together.');
  }
  return {
    kind: 'command',
    command: {
      kind: values.check ? 'check' : values.show.length > 0 ? 'show' : 'run',
      bundle: {
        directory,
        params: pairs('--param', values.param),
        inputs: pairs('--input', values.input),
        packagesDirectory: values.packages,
        overrides: pairs('--set', values.set),
      },
      outputDirectory: values.out,
      selector: values.selector,
      show: values.show,
      showRows: positiveInteger('--rows', values.rows),
      profile: values.profile,
      progress: values.progress,
      resultsFile: values['results-file'],
    },
  };
}

function pairs(option: string, list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) {
        throw new UsageError(`${option} takes NAME=VALUE, not \`${pair}\`.`);
      }
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function positiveInteger(option: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) {
    throw new UsageError(`${option} takes a number from 1, not \`${text}\`.`);
  }
  return Number(text);
}
