import type { BundleErrorCode } from '../engine/errors';
import type { RunError } from '../jobs/run-report';

/** The headings of what can be wrong with a bundle or an input. */
const ENGINE_TITLES: Record<BundleErrorCode, string> = {
  bundle_invalid: 'The bundle is not valid',
  template_failed: 'A template of the bundle failed',
  not_supported: 'The bundle uses something that is not supported',
  file_unavailable: 'A file that the bundle names is not there',
  input_invalid: 'An input file is not valid',
  column_missing: 'A column is missing',
  operation_failed: 'An operation of the bundle failed',
  expectation_failed: 'The data is not what the bundle expects',
  limit_exceeded: 'A limit was reached',
  too_much_to_hold: 'The bundle has to hold too many rows',
  cancelled: 'The run was stopped',
};

/** What stopped an attempt though neither bundle nor input is at fault: another attempt may do better. */
export const INTERRUPTIONS = {
  storage_unavailable: 'The file storage could not be reached',
  database_unavailable: 'The database could not be reached',
  worker_storage_full: "The worker's disk was full or failed",
  worker_stopped: 'The worker was stopped',
  engine_killed: 'The engine was killed from outside',
} as const;
export type Interruption = keyof typeof INTERRUPTIONS;

const error = (code: string, title: string, detail: string, place: Partial<Pick<RunError, 'file' | 'line'>> = {}): RunError => ({
  code,
  title,
  detail,
  file: place.file ?? null,
  line: place.line ?? null,
});

export const runErrors = {
  ofEngine: (code: string, detail: string, file: string | null, line: number | null): RunError =>
    error(code, Object.hasOwn(ENGINE_TITLES, code) ? ENGINE_TITLES[code as BundleErrorCode] : 'The bundle failed', detail, {
      file,
      line,
    }),
  timedOut: (seconds: number): RunError =>
    error('run_timed_out', 'The run took too long', `The bundle was stopped after ${seconds} seconds. Submit smaller files.`),
  outOfMemory: (megabytes: number): RunError =>
    error(
      'run_out_of_memory',
      'The run needed too much memory',
      `The bundle needed more than the ${megabytes} MB that a run may use. Submit smaller files, or look for a step of the bundle that has to hold all rows.`,
    ),
  outputTooLarge: (): RunError =>
    error('output_too_large', 'An output is too large', 'An output is larger than 48 GiB. Submit smaller files.'),
  engineCrashed: (): RunError =>
    error(
      'engine_crashed',
      'The engine failed',
      'The engine ended without a result. This is a fault on our side; it has been logged.',
    ),
  bundleUnavailable: (path: string, version: string): RunError =>
    error(
      'bundle_unavailable',
      'The bundle is not there',
      `The stored files of ${path} at ${version} are missing or damaged. Submit a new job.`,
    ),
  /** Every attempt ended without a word, so that the run itself is the likely reason. */
  abandoned: (attempts: number): RunError =>
    error(
      'run_abandoned',
      'The run was given up',
      `The run was begun ${attempts} times, and each time its worker stopped. Retry it later.`,
    ),
  gaveUp: (interruption: Interruption, attempts: number): RunError =>
    error(interruption, INTERRUPTIONS[interruption], `The run was tried ${attempts} times. Retry it once the trouble is over.`),
};
