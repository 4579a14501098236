/** Why a run failed, in words a partner can act on. */
export interface RunError {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** The input's env_var or a file of the bundle. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
}

/** How far a run has come. */
export interface RunProgress {
  readonly stage: 'fetching' | 'transforming' | 'storing' | 'done';
  readonly rowsRead: number;
  readonly rowsWritten: number;
}
