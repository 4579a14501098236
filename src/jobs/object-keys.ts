/**
 * Where a job's objects are in the bucket. No name of a client is in a key but that of an output, which the bundle gives. What
 * belongs to a job, a run or an attempt has a prefix of its own, by which all of it can be removed.
 */

export const inputPrefix = (jobUid: string): string => `inputs/${jobUid}/`;

export const inputKey = (jobUid: string, envVar: string): string => inputPrefix(jobUid) + envVar;

export interface RunKey {
  readonly jobUid: string;
  /** From 1 within the job. */
  readonly number: number;
}

export const runOutputPrefix = ({ jobUid, number }: RunKey): string => `outputs/${jobUid}/${number}/`;

/** @param attempt from 1 within the run. */
export const attemptOutputPrefix = (run: RunKey, attempt: number): string => `${runOutputPrefix(run)}${attempt}/`;
