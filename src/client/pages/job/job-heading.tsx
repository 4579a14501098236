import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconBan, IconChecks, IconPlayerPlay, IconRefresh, IconRotate, IconUpload } from '@tabler/icons-react';
import { cancelJob, reopenJob, resolveJob, retryJob, startJob, type JobDetail, type JobPath } from '../../api/jobs';
import { Link } from 'react-router';
import { tenantUrl } from '../../app/tenant';
import { BusyButton } from '../../components/busy-button';
import { ConfirmButton } from '../../components/confirm-button';
import { JobStatusBadge } from '../../components/job-status';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { texts } from '../../texts';

const { actions: words } = texts.job;
const { messageBeforeStart, ...cancel } = words.cancel;

interface JobHeadingProps {
  readonly path: JobPath;
  readonly job: JobDetail;
  readonly onChanged: () => Promise<void>;
}

/** What the job is, its status, and what may be done to it now. */
export function JobHeading({ path, job, onChanged }: JobHeadingProps) {
  const act = (action: (path: JobPath) => Promise<unknown>) => async (): Promise<void> => {
    await action(path);
    await onChanged();
  };
  const reopen = useMutation({ mutationFn: act(reopenJob) });
  const start = useMutation({ mutationFn: act(startJob) });
  // Of what can still be tried again.
  const error = (job.can.reopen ? reopen.error : null) ?? (job.can.start ? start.error : null);
  return (
    <>
      <PageHeading
        title={job.fileNames.join(', ') || job.bundleName}
        description={
          <Group gap="sm" mt={4}>
            <span role="status">
              <JobStatusBadge status={job.status} resolved={job.resolvedAt !== null} />
            </span>
            {texts.jobs.bundleAndYear(job.bundleName, job.schoolYear)}
          </Group>
        }
        actions={
          <>
            {job.can.retry && (
              <ConfirmButton {...words.retry} leftSection={<IconRefresh size={16} aria-hidden />} onConfirm={act(retryJob)}>
                {words.retry.confirm}
              </ConfirmButton>
            )}
            {job.can.resolve && (
              <ConfirmButton {...words.resolve} leftSection={<IconChecks size={16} aria-hidden />} onConfirm={act(resolveJob)}>
                {words.resolve.confirm}
              </ConfirmButton>
            )}
            {job.can.reopen && (
              <BusyButton
                variant="default"
                leftSection={<IconRotate size={16} aria-hidden />}
                busy={reopen.isPending}
                onClick={() => reopen.mutate()}
              >
                {words.reopen}
              </BusyButton>
            )}
            {job.can.renewUploads && job.origin === 'web' && (
              <Button
                component={Link}
                to={`${tenantUrl(path)}/jobs/new?job=${encodeURIComponent(path.uid)}`}
                leftSection={<IconUpload size={16} aria-hidden />}
              >
                {words.upload}
              </Button>
            )}
            {job.can.start && (
              <BusyButton
                variant="default"
                leftSection={<IconPlayerPlay size={16} aria-hidden />}
                busy={start.isPending}
                onClick={() => start.mutate()}
              >
                {words.start}
              </BusyButton>
            )}
            {job.can.cancel && (
              <ConfirmButton
                {...cancel}
                message={job.startedAt === null ? messageBeforeStart : cancel.message}
                danger
                leftSection={<IconBan size={16} aria-hidden />}
                onConfirm={act(cancelJob)}
              >
                {words.cancel.confirm}
              </ConfirmButton>
            )}
          </>
        }
      />
      {error && <ProblemAlert error={error} />}
    </>
  );
}
