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

/** Something that the bundle's author should know and that does not stop the run. No data of a row and no path of a machine is in it. */
export interface RunWarning {
  readonly detail: string;
  /** The input's env_var or a file of the bundle. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
  /** As the bundle refers to it: `$transformations.students`. */
  readonly node: string | null;
  /** Its name and position in the node, from 1: `join (3)`. */
  readonly operation: string | null;
}

/**
 * Why a step of the bundle let rows go no further: a condition, an equal row before, no match in another table, or more than it takes.
 */
export const SKIP_REASONS = ['filtered', 'repeated', 'unmatched', 'limited'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Rows of the inputs that went no further than one step of the bundle. */
export interface SkippedRows {
  readonly reason: SkipReason;
  readonly rows: number;
  /** The bundle's condition, columns or keys. */
  readonly detail: string | null;
  /** As the bundle refers to it: `$transformations.students`. */
  readonly node: string | null;
}

/** What a run has read, written and warned of so far. */
export interface RunCounts {
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Rows read of each input by its env_var, and written to each output by its name. */
  readonly files: {
    readonly inputs: Readonly<Record<string, number>>;
    readonly outputs: Readonly<Record<string, number>>;
  };
  /** By step, in the bundle's order; the first ones. Absent: no step let any go. */
  readonly skipped?: readonly SkippedRows[];
  /** The first ones. */
  readonly warnings: readonly RunWarning[];
  /** How many there are, with those that are not listed. */
  readonly warningCount: number;
}

/** How far a run has come. */
export interface RunProgress extends RunCounts {
  readonly stage: 'fetching' | 'transforming' | 'storing' | 'done';
  /** How much of what the bundle reads has been read, by bytes, from 0 to 100; null where it reads nothing. */
  readonly percent: number | null;
  /** The source of the bundle that is being read, as the bundle refers to it. */
  readonly node: string | null;
}

/** Progress as it is kept: while an older version of a worker runs beside this one, it may lack what is newer. */
export type StoredRunProgress = Pick<RunProgress, 'stage' | 'rowsRead' | 'rowsWritten'> & Partial<RunProgress>;
