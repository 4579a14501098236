import type { JobDetail } from '../../../api/jobs';
import type { TenantPath } from '../../../api/tenant';

/** A file of a submission as the browser keeps it, so that its upload can go on after a reload. */
export interface SubmittedFile {
  readonly envVar: string;
  readonly displayName: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** When the file was changed, in ms since 1970; a file chosen again that differs in this is uploaded from its start. */
  readonly lastModified: number;
  /** null where the browser could not keep it: then it has to be chosen again. */
  readonly file: File | null;
  /** The upload in parts that was begun; null where none was, or the file is sent in one request. */
  readonly multipart: { readonly uploadId: string; readonly partSize: number } | null;
  readonly isUploaded: boolean;
}

/** A job that was created and not started yet. */
export interface Submission {
  readonly uid: string;
  /** Whose it is: another user of the same browser must not see it. */
  readonly userUid: string;
  readonly partner: string;
  readonly tenant: string;
  readonly bundleName: string;
  readonly schoolYear: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly files: readonly SubmittedFile[];
}

/**
 * The submission of a job that this browser has nothing of: each of its files has to be chosen again, whether it is uploaded or not.
 *
 * @param bundleFiles what people call the files
 * @returns null where the job does not say how large a file is, so that another could be taken for it
 */
export function submissionOfJob(
  job: Pick<JobDetail, 'uid' | 'bundleName' | 'schoolYear' | 'createdAt' | 'expiresAt' | 'files'>,
  { partner, tenant }: TenantPath,
  userUid: string,
  bundleFiles: readonly { readonly envVar: string; readonly displayName: string | null }[],
): Submission | null {
  const files = Object.entries(job.files).flatMap(([envVar, { name, size }]): SubmittedFile[] => {
    const displayName = bundleFiles.find((file) => file.envVar === envVar)?.displayName ?? envVar;
    const nothing = { lastModified: 0, file: null, multipart: null, isUploaded: false };
    return size === null ? [] : [{ envVar, displayName, name, size, ...nothing }];
  });
  if (files.length < Object.keys(job.files).length) return null;
  const { uid, bundleName, schoolYear, createdAt, expiresAt } = job;
  return { uid, userUid, partner, tenant, bundleName, schoolYear, createdAt, expiresAt, files };
}

/** Whether a file that was chosen again is the one that was submitted, as far as a browser can tell. */
export const isSameFile = (submitted: SubmittedFile, chosen: Pick<File, 'name' | 'size'>): boolean =>
  chosen.name === submitted.name && chosen.size === submitted.size;

/** The submission with a file that was chosen again. Parts of what may be another content are not gone on with. */
export function withChosenFile(submission: Submission, envVar: string, chosen: File): Submission {
  return changeFile(submission, envVar, ({ multipart, lastModified }) => ({
    file: chosen,
    lastModified: chosen.lastModified,
    multipart: chosen.lastModified === lastModified ? multipart : null,
  }));
}

export function changeFile(
  submission: Submission,
  envVar: string,
  change: (file: SubmittedFile) => Partial<SubmittedFile>,
): Submission {
  const files = submission.files.map((file) => (file.envVar === envVar ? { ...file, ...change(file) } : file));
  return { ...submission, files };
}

/** The files that have to be chosen again before the upload can go on. */
export const lostFiles = ({ files }: Submission): SubmittedFile[] =>
  files.filter(({ file, isUploaded }) => file === null && !isUploaded);
