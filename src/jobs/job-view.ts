import type { JobStatus, RunStatus } from './job-status';
import type { RunError, StoredRunProgress } from './run-report';

/** A job as lists show it, in both fronts; nothing internal is in it. */
export interface JobSummary {
  readonly uid: string;
  readonly status: JobStatus;
  readonly origin: 'api' | 'web';
  readonly partner: string;
  readonly tenant: string;
  readonly bundle: string;
  readonly bundleVersion: string;
  readonly schoolYear: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly expiresAt: Date;
  readonly error: RunError | null;
}

/** A job whole. */
export interface JobView extends JobSummary {
  readonly files: readonly JobFileView[];
  readonly params: Readonly<Record<string, string>>;
  readonly progress: StoredRunProgress | null;
  readonly runs: readonly RunView[];
}

export interface JobFileView {
  readonly envVar: string;
  readonly name: string;
  /** As found at the start; before that as declared, if it was. */
  readonly size: number | null;
  readonly sha256: string | null;
  /** Since when it is no longer available; null while it is. */
  readonly removedAt: Date | null;
}

export interface RunView {
  readonly number: number;
  readonly status: RunStatus;
  readonly attempts: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly error: RunError | null;
}
