import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunResults } from '../../src/engine/command';
import { printTable } from '../../src/engine/command/print';
import { parseDelimited } from '../../src/engine/sources/delimited-text';
import { generatedBundles, writeBundle, writeInput, writeLines } from './engine-bundles';

/**
 * `npm run bench:engine`: how fast the built engine is and what it takes, for three shapes of bundles over generated rows, each run in
 * a process of its own. `--full` adds a million rows. `--public CHECKOUT NAME` takes a public bundle instead, with its sample's rows
 * repeated to 100,000 (`--rows` for another number).
 */

const PROGRAM = join(__dirname, '../../dist/main.bundle.js');
const PROFILE_LINES = 12;

interface PublicBundle {
  readonly sample: string;
  /** The column whose values are made different in each repetition. */
  readonly idColumn: string;
  /** What the bundle calls that column. */
  readonly idName: string;
}

const publicBundles: Readonly<Record<string, PublicBundle>> = {
  ACT: { sample: 'sample_anonymized_file.csv', idColumn: 'ID_StateAssign', idName: 'ID_StateAssign' },
  'i-Ready': { sample: 'sample_anonymized_file_math.csv', idColumn: 'Student ID', idName: 'Student ID' },
  MAP_Growth: { sample: 'sample_anonymized_file.csv', idColumn: 'StudentID', idName: 'StudentID' },
};

interface Measured extends RunResults {
  /** From the command's start to its end. */
  readonly wallSeconds: number;
  readonly inputBytes: number;
}

const titles = ['bundle', 'rows', 'MB in', 'MB out', 'wall s', 'CPU s', 'rows/s', 'MB/s', 'peak MB'];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      full: { type: 'boolean', default: false },
      public: { type: 'string' },
      rows: { type: 'string', default: '100000' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'bench-engine-'));
  try {
    console.log(`Node ${process.version}; MB of 1,000,000 bytes; MB/s of input and output`);
    if (values.public === undefined) {
      await benchGenerated(folder, values.full ? [10_000, 100_000, 1_000_000] : [10_000, 100_000]);
    } else {
      await benchPublic(folder, values.public, positionals[0] ?? '', Number(values.rows));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function benchGenerated(folder: string, sizes: readonly number[]): Promise<void> {
  const lines: string[][] = [];
  const profiles: string[] = [];
  const input = join(folder, 'input.csv');
  for (const bundle of generatedBundles) {
    const directory = join(folder, bundle.name);
    writeBundle(bundle, directory);
    for (const rows of sizes) {
      await writeInput(bundle, input, rows);
      const measured = measure(folder, directory, input, {});
      lines.push(line(bundle.name, measured));
      if (rows === sizes.at(-1)) {
        profiles.push(`${bundle.name}, ${rows} rows\n${profile(measured)}`);
      }
    }
  }
  console.log(`\n${printTable(titles, lines)}\n\n${profiles.join('\n\n')}`);
}

async function benchPublic(folder: string, checkout: string, name: string, rows: number): Promise<void> {
  const bundle = publicBundles[name];
  if (bundle === undefined) {
    throw new Error(`name one of ${Object.keys(publicBundles).join(', ')}`);
  }
  const directory = join(checkout, 'assessments', name);
  const input = join(folder, 'input.csv');
  await repeatSample(join(directory, 'data', bundle.sample), bundle.idColumn, input, rows);
  const params = { API_YEAR: '2025', SCHOOL_YEAR: '2025', STUDENT_ID_NAME: bundle.idName };
  const measured = measure(folder, directory, input, params, checkout);
  console.log(`\n${printTable(titles, [line(name, measured)])}\n\n${profile(measured)}`);
}

/** The sample's rows over and over, their ids with the number of the repetition behind them. */
async function repeatSample(sample: string, idColumn: string, file: string, rows: number): Promise<void> {
  const text = readFileSync(sample, 'utf8').replace(/^\ufeff/, '');
  const [header = [], ...records] = parseDelimited(text, ',').filter((record) => record.length > 0);
  const id = header.indexOf(idColumn);
  if (id === -1 || records.length === 0) {
    throw new Error(`the sample has no rows or no column ${idColumn}`);
  }
  const quote = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  await writeLines(file, header.map(quote).join(','), rows, (index) => {
    const record = [...(records[index % records.length] as string[])];
    record[id] = `${record[id] ?? ''}${Math.floor(index / records.length)}`;
    return record.map(quote).join(',');
  });
}

function measure(folder: string, directory: string, input: string, params: Record<string, string>, packages?: string): Measured {
  const results = join(folder, 'results.json');
  const outputs = join(folder, 'output');
  const args = [
    ...[PROGRAM, directory, '--profile', '--input', `INPUT_FILE=${input}`, '--out', outputs, '--results-file', results],
    ...Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`]),
    ...(packages === undefined ? [] : ['--packages', packages]),
  ];
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const wallSeconds = (performance.now() - started) / 1000;
  if (status !== 0) {
    throw new Error(`the run of ${directory} failed: ${stderr}`);
  }
  rmSync(outputs, { recursive: true });
  return { ...(JSON.parse(readFileSync(results, 'utf8')) as RunResults), wallSeconds, inputBytes: statSync(input).size };
}

function line(name: string, { rowsRead, inputBytes, outputs, wallSeconds, cpuSeconds, peakRssBytes }: Measured): string[] {
  const outputBytes = outputs.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...[name, String(rowsRead), megabytes(inputBytes), megabytes(outputBytes), wallSeconds.toFixed(2), cpuSeconds.toFixed(2)],
    ...[String(Math.round(rowsRead / wallSeconds)), megabytes((inputBytes + outputBytes) / wallSeconds), megabytes(peakRssBytes)],
  ];
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** What takes longest, and what is left for the start, the plan and the rest. */
function profile({ profile: nodes, seconds, wallSeconds }: Measured): string {
  const sorted = [...nodes].sort((a, b) => b.seconds - a.seconds);
  const inNodes = nodes.reduce((sum, node) => sum + node.seconds, 0);
  const share = (part: number): string => ((100 * part) / wallSeconds).toFixed(1);
  return printTable(
    ['stage', 'rows', 'seconds', '%'],
    [
      ...sorted.slice(0, PROFILE_LINES).map(({ node, rows, seconds: own }) => [node, String(rows), own.toFixed(3), share(own)]),
      ['(other nodes)', '', ...shareOf(sorted.slice(PROFILE_LINES).reduce((sum, node) => sum + node.seconds, 0))],
      ['(plan, templates, files)', '', ...shareOf(seconds - inNodes)],
      ['(start and end of the program)', '', ...shareOf(wallSeconds - seconds)],
    ],
  );

  function shareOf(part: number): string[] {
    return [part.toFixed(3), share(part)];
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
