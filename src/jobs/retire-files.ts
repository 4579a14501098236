import type { DataSource } from 'typeorm';
import { announceEndedJobs } from '../webhooks/announce-ended-jobs';
import { runOutputPrefix } from './object-keys';
import { scheduleInputRemoval, scheduleOutputRemoval } from './removal.queries';
import { expireUnstartedJobs, retireInputs, retireOutputSets } from './retention.queries';

/**
 * What becomes of jobs and files with time. The files are given up in the transaction that says so: from then on nobody is given
 * them, and their objects are removed whenever the object store lets us. Each function takes one batch and says how many it took.
 */

/** Ends jobs that were never started, with what was uploaded for them. */
export async function expireJobs(db: DataSource, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const jobs = await expireUnstartedJobs(tx, limit);
    await announceEndedJobs(
      tx,
      jobs.map(({ id }) => id),
    );
    await scheduleInputRemoval(tx, jobs);
    return jobs.length;
  });
}

/** Gives up the input files of jobs that have ended. @param afterDays since the job's end. */
export async function retireInputFiles(db: DataSource, afterDays: number, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const jobs = await retireInputs(tx, afterDays, limit);
    await scheduleInputRemoval(tx, jobs);
    return jobs.length;
  });
}

/** Gives up the files of output sets. @param afterDays since the job's end. */
export async function retireOutputFiles(db: DataSource, afterDays: number, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const runs = await retireOutputSets(tx, afterDays, limit);
    await scheduleOutputRemoval(tx, runs.map(runOutputPrefix), 0);
    return runs.length;
  });
}
