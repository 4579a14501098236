import { Text } from '@mantine/core';
import type { JobSummary } from '../api/jobs';
import { texts } from '../texts';

/** The person who submitted a job, or that a program of the partner did. */
export function Submitter({ job }: { job: Pick<JobSummary, 'origin' | 'submittedBy'> }) {
  if (job.origin === 'web') return <>{job.submittedBy ?? texts.jobs.unknownPerson}</>;
  return (
    <>
      {texts.jobs.apiInitiated}
      {job.submittedBy !== null && (
        <Text component="span" size="sm" c="dimmed" display="block">
          {job.submittedBy}
        </Text>
      )}
    </>
  );
}
