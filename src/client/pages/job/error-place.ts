import type { JobDetail, RunError } from '../../api/jobs';

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
