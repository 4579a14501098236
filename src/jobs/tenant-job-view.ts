import type { JobNoteView } from './job-note.queries';
import type { JobSummary, JobView } from './job-view';
import type { StoredRunProgress } from './run-report';

/** What people see of a job beside what API clients do. The client's issuer and id are not in it. */
interface SeenByPeople {
  /** The name of the user or client that made it; null where the client has none. */
  readonly submittedBy: string | null;
  /** Since when a person has marked the failed job as dealt with, and that person's name. */
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
}

/** A job as the tenant's list shows it. */
export type TenantJobSummary = Omit<JobSummary, 'partner' | 'tenant'> &
  SeenByPeople & {
    readonly fileNames: readonly string[];
    readonly progress: Pick<StoredRunProgress, 'stage' | 'rowsRead' | 'rowsWritten' | 'percent'> | null;
  };

/** A job whole, for people. */
export type TenantJobView = JobView &
  SeenByPeople & {
    /** Of the newest set; null where no run has succeeded. */
    readonly outputs: JobOutputs | null;
    /** Oldest first. */
    readonly notes: readonly (JobNoteView & { readonly isMine: boolean })[];
    readonly can: JobActions;
  };

export interface JobOutputs {
  readonly uid: string;
  readonly createdAt: Date;
  /** Since when its files are no longer available; null while they are. */
  readonly removedAt: Date | null;
  readonly files: readonly { readonly name: string; readonly size: number; readonly records: number }[];
}

/** What may be done to a job now, as far as its state tells. */
export interface JobActions {
  readonly start: boolean;
  readonly cancel: boolean;
  readonly retry: boolean;
  readonly resolve: boolean;
  readonly reopen: boolean;
  readonly renewUploads: boolean;
}
