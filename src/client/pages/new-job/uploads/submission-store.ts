import { createStore, delMany, get, getMany, keys, set, type UseStore } from 'idb-keyval';
import type { Submission } from './submission';

/**
 * What was submitted and is not started yet, in the browser's own database: a submission under its job's uid, and each of its files,
 * which are written once, under `<uid>/<envVar>`. They are students' data, so what is over, or of another user, is removed whenever
 * somebody looks. A browser that keeps nothing (private windows, a full disk) is no reason not to upload: nothing here fails.
 */

let opened: UseStore | undefined;
const store = (): UseStore => (opened ??= createStore('slipway-submissions', 'submissions'));

const fileKey = (uid: string, envVar: string): string => `${uid}/${envVar}`;

/** Keeps how far the submission is, without its files. */
export async function saveSubmission(submission: Submission): Promise<void> {
  const files = submission.files.map((file) => ({ ...file, file: null }));
  await attempt(() => set(submission.uid, { ...submission, files }, store()));
}

/** Keeps a file, which takes the browser a while for a large one, as it makes a copy. */
export async function saveFile(uid: string, envVar: string, file: File): Promise<void> {
  await attempt(() => set(fileKey(uid, envVar), file, store()));
}

/** Removes the submission and its files. */
export async function forgetSubmission(uid: string): Promise<void> {
  await attempt(async () => {
    const all = await keys<string>(store());
    await delMany(
      all.filter((key) => key === uid || key.startsWith(`${uid}/`)),
      store(),
    );
  });
}

/** Removes everything, as when the user signs out. */
export async function forgetAllSubmissions(): Promise<void> {
  await attempt(async () => delMany(await keys<string>(store()), store()));
}

/** The user's submission with those of its files that the browser has. */
export async function findSubmission(uid: string, userUid: string): Promise<Submission | null> {
  const submission = await attempt(() => get<Submission>(uid, store()));
  if (!submission || !isCurrent(submission, userUid)) return null;
  const fileKeys = submission.files.map(({ envVar }) => fileKey(uid, envVar));
  const kept = await attempt(() => getMany<File | undefined>(fileKeys, store()));
  return { ...submission, files: submission.files.map((file, index) => ({ ...file, file: kept?.[index] ?? null })) };
}

/** The user's own submissions that can go on, newest first. */
export async function listSubmissions(userUid: string): Promise<Submission[]> {
  const uids = new Set((await attempt(() => keys<string>(store())))?.map((key) => key.split('/')[0] ?? key));
  const current: Submission[] = [];
  for (const uid of uids) {
    const submission = await findSubmission(uid, userUid);
    if (submission) current.push(submission);
    else await forgetSubmission(uid);
  }
  return current.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

const isCurrent = ({ expiresAt, ...submission }: Submission, userUid: string): boolean =>
  submission.userUid === userUid && Date.parse(expiresAt) > Date.now();

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
