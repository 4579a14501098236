import type { JobDetail, RunError } from '../../api/jobs';

/** Whose it is to mend, as far as the code says it. */
export type Remedy = 'mend_file' | 'look_at_data' | 'ask_author';

export interface ErrorPlace {
  /** The file by the name that its submitter knows it by, or one of the bundle. */
  readonly name: string;
  readonly isInput: boolean;
  /** From 1. */
  readonly line: number | null;
}

/** Where an error is, or null where it is not about one file. */
export function placeOf({ file, line }: RunError, files: JobDetail['files']): ErrorPlace | null {
  if (file === null) return null;
  const input = Object.hasOwn(files, file) ? files[file] : undefined;
  return { name: input?.name ?? file, isInput: input !== undefined, line };
}

/** Faults of the bundle whatever the rows are. */
const OF_BUNDLE: ReadonlySet<string> = new Set(['bundle_invalid', 'not_supported', 'file_unavailable']);
/** Found by the bundle, at a place of its own, in what the files have. */
const OF_DATA: ReadonlySet<string> = new Set([
  ...['operation_failed', 'expectation_failed', 'template_failed', 'column_missing', 'input_invalid'],
]);

/**
 * What to do about an error. A value that the bundle cannot use is found where the bundle uses it, so that its place is in the bundle
 * though the file may have to be mended.
 *
 * @returns null where the error's own words say it
 */
export function remedyFor({ code }: Pick<RunError, 'code'>, place: ErrorPlace | null): Remedy | null {
  if (place?.isInput === true) return 'mend_file';
  if (OF_DATA.has(code)) return 'look_at_data';
  return OF_BUNDLE.has(code) ? 'ask_author' : null;
}
