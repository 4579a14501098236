import { pointerToken, Problem, type ProblemDetail } from '../platform/problem/problem';
import type { CancelJobResult } from './cancel-job';
import type { CreateJobResult } from './create-job';
import type { AddNoteResult, DeleteNoteResult, EditNoteResult } from './job-notes.service';
import type { InputLinksResult, OutputLinksResult } from './job-links.service';
import type { RenewUploadUrlsResult } from './renew-upload-urls';
import type { ResolveJobResult } from './resolve-job';
import type { RetryJobResult } from './retry-job';
import type { StartJobResult, UnreadyFile } from './start-job';
import type {
  AbortUploadResult,
  BeginUploadResult,
  CompleteUploadResult,
  ListPartsResult,
  SignPartsResult,
} from './upload-in-parts';

/** The outcomes that are no success, as problems: the same for both fronts. */

type Failure<R extends { kind: string }, Success extends R['kind']> = Exclude<R, { kind: Success }>;

export function createJobProblem(result: Failure<CreateJobResult, 'created'>): Problem {
  switch (result.kind) {
    case 'rejected': {
      const [first] = result.faults;
      const errors = result.faults.map(({ path, code, detail }) => ({ pointer: toPointer(path), code, detail }));
      const detail =
        errors.length === 1 ? `${toPointer(first.path)}: ${first.detail}` : `The job has ${errors.length} faults; see errors.`;
      return new Problem(first.code, detail, { errors });
    }
    case 'too_many_open_jobs':
      return tooManyOpenJobs(result);
    case 'bundle_registry_unavailable':
      return new Problem('bundle_registry_unavailable', 'The bundles have not been read yet. Try again shortly.');
    case 'storage_unavailable':
      return storageUnavailable(result.cause);
    default:
      return result satisfies never;
  }
}

export function renewUploadUrlsProblem(result: Failure<RenewUploadUrlsResult, 'renewed'>): Problem {
  switch (result.kind) {
    case 'job_not_found':
      return jobNotFound();
    case 'job_already_started':
    case 'job_cancelled':
    case 'job_expired':
      return new Problem(result.kind, `The job takes no more files: its status is ${result.status}.`);
    default:
      return result satisfies never;
  }
}

type UploadInPartsResult = BeginUploadResult | SignPartsResult | ListPartsResult | CompleteUploadResult | AbortUploadResult;

export function uploadInPartsProblem(
  result: Failure<UploadInPartsResult, 'begun' | 'signed' | 'listed' | 'completed' | 'aborted'>,
): Problem {
  switch (result.kind) {
    case 'job_not_found':
    case 'job_already_started':
    case 'job_cancelled':
    case 'job_expired':
      return renewUploadUrlsProblem(result);
    case 'job_file_not_found':
      return new Problem(result.kind, 'The job has no file of this name.');
    case 'upload_in_parts_not_possible':
      return new Problem(
        result.kind,
        'The job was created without the size of this file, or with its checksum. Upload it whole, to its upload URL.',
      );
    case 'no_such_part': {
      const detail = `The file has the parts 1 to ${result.count}.`;
      return new Problem('invalid_request', detail, { errors: [{ pointer: '/numbers', code: 'invalid_request', detail }] });
    }
    case 'upload_not_found':
      return new Problem(result.kind, 'There is no such upload of this file. Begin a new one.');
    case 'parts_missing':
      return new Problem(result.kind, `The parts ${someOf(result.numbers)} have not been uploaded. Upload them and try again.`);
    case 'storage_unavailable':
      return storageUnavailable(result.cause);
    default:
      return result satisfies never;
  }
}

export function startJobProblem(result: Failure<StartJobResult, 'started'>): Problem {
  switch (result.kind) {
    case 'job_not_found':
      return jobNotFound();
    case 'job_already_started':
    case 'job_cancelled':
    case 'job_expired':
      return new Problem(result.kind, `The job cannot be started: its status is ${result.status}.`);
    case 'files_missing':
      return fileProblem(result.kind, result.files, 'has not been uploaded', 'Upload it to its URL and start the job again.');
    case 'files_empty':
      return fileProblem(result.kind, result.files, 'is empty', 'Upload it again and start the job again.');
    case 'file_too_large':
      return fileProblem(
        result.kind,
        result.files,
        `has more than ${result.maxBytes} bytes`,
        'Upload a smaller file and start the job again.',
      );
    case 'storage_unavailable':
      return storageUnavailable(result.cause);
    default:
      return result satisfies never;
  }
}

export function cancelJobProblem(result: Failure<CancelJobResult, 'cancelled'>): Problem {
  switch (result.kind) {
    case 'job_not_found':
      return jobNotFound();
    case 'job_finished':
      return new Problem(result.kind, `The job cannot be cancelled: its status is ${result.status}.`);
    default:
      return result satisfies never;
  }
}

export function retryJobProblem(result: Failure<RetryJobResult, 'queued'>): Problem {
  switch (result.kind) {
    case 'job_not_found':
      return jobNotFound();
    case 'job_not_retryable':
      return new Problem(result.kind, `The job cannot be retried: ${notRetryable(result)}`);
    case 'too_many_open_jobs':
      return tooManyOpenJobs(result);
    default:
      return result satisfies never;
  }
}

export function resolveJobProblem(result: Failure<ResolveJobResult, 'done'>): Problem {
  switch (result.kind) {
    case 'job_not_found':
      return jobNotFound();
    case 'job_not_resolvable':
      return new Problem(result.kind, `Only a failed job can be dealt with: the job's status is ${result.status}.`);
    default:
      return result satisfies never;
  }
}

export function jobNoteProblem(
  result: Failure<AddNoteResult | EditNoteResult | DeleteNoteResult, 'added' | 'edited' | 'deleted'>,
): Problem {
  switch (result.kind) {
    case 'job_not_found':
      return jobNotFound();
    case 'note_not_found':
      return noteNotFound();
    case 'not_your_note':
      return new Problem(result.kind, 'Somebody else wrote the note.');
    case 'too_many_notes':
      return new Problem(result.kind, `The job has ${result.limit} notes, which is as many as it may have.`);
    default:
      return result satisfies never;
  }
}

/** One and the same for a note that does not exist, that is another job's, and for a uid that is none. */
export const noteNotFound = (): Problem => new Problem('note_not_found', 'The job has no such note.');

export function jobLinksProblem(result: Failure<InputLinksResult | OutputLinksResult, 'found'>): Problem {
  switch (result.kind) {
    case 'job_not_found':
      return jobNotFound();
    case 'job_not_started':
      return new Problem(result.kind, 'The job was never started, so it has no input files yet.');
    case 'output_set_not_found':
      return new Problem(result.kind, 'No run of the job has succeeded, so it has no output files.');
    case 'input_files_removed':
    case 'output_files_removed':
      return new Problem(result.kind, `The files were removed at ${result.removedAt.toISOString()}, as their time was over.`);
    default:
      return result satisfies never;
  }
}

function notRetryable({ reason, status }: Extract<RetryJobResult, { kind: 'job_not_retryable' }>): string {
  switch (reason) {
    case 'status':
      return `its status is ${status}, and only a job that failed or was cancelled can be.`;
    case 'never_started':
      return 'it was never started. Create a new job.';
    case 'inputs_removed':
      return 'its input files have been removed. Create a new job.';
    default:
      return reason satisfies never;
  }
}

/** One and the same for a job that does not exist, that is somebody else's, and for a uid that is none. */
export const jobNotFound = (): Problem => new Problem('job_not_found', 'There is no such job for this caller.');

/** A run takes seconds to minutes, and ends more often than a client has to ask. */
const OPEN_JOBS_RETRY_AFTER_SECONDS = '30';

const tooManyOpenJobs = ({ owner, limit }: Extract<RetryJobResult, { kind: 'too_many_open_jobs' }>): Problem =>
  new Problem(
    'too_many_open_jobs',
    `The ${owner} has ${limit} jobs that are created, queued or running, which is as many as one may have. Wait for some to end, or cancel some.`,
    { headers: { 'Retry-After': OPEN_JOBS_RETRY_AFTER_SECONDS } },
  );

const TOO_MANY_STREAMS_RETRY_AFTER_SECONDS = '30';

export const tooManyStreams = (): Problem =>
  new Problem('too_many_streams', 'Too many event streams are open. End some of them, or ask for the list.', {
    headers: { 'Retry-After': TOO_MANY_STREAMS_RETRY_AFTER_SECONDS },
  });

const storageUnavailable = (cause: unknown): Problem =>
  new Problem('storage_unavailable', 'The file storage did not answer. Nothing was changed; try again shortly.', { cause });

function fileProblem(code: ProblemDetail['code'], files: readonly UnreadyFile[], what: string, remedy: string): Problem {
  const errors = files.map(({ envVar, name }) => ({ pointer: toPointer(['files', envVar]), code, detail: `${name} ${what}` }));
  const names = files.map(({ envVar }) => envVar).join(', ');
  return new Problem(code, `${names}: ${what}. ${remedy}`, { errors });
}

const MAX_SHOWN = 20;

const someOf = (numbers: readonly number[]): string =>
  numbers.slice(0, MAX_SHOWN).join(', ') + (numbers.length > MAX_SHOWN ? ` and ${numbers.length - MAX_SHOWN} more` : '');

const toPointer = (path: readonly string[]): string => path.map((name) => `/${pointerToken(name)}`).join('');
