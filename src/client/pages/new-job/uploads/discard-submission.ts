import { ProblemError } from '../../../api/problem';
import { cancelJob } from '../../../api/uploads';
import type { Submission } from './submission';
import { forgetSubmission } from './submission-store';

/** Cancels the job, and forgets what was kept for it. @throws ProblemError where the job may still be waiting */
export async function discardSubmission(submission: Submission): Promise<void> {
  try {
    await cancelJob(submission, submission.uid);
  } catch (error) {
    // It has ended already, or is not this user's any more.
    if (!(error instanceof ProblemError && ['job_finished', 'job_not_found', 'tenant_not_found'].includes(error.code)))
      throw error;
  }
  await forgetSubmission(submission.uid);
}
