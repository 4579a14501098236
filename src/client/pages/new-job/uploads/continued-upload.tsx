import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { bundlesQuery } from '../../../api/bundles';
import { jobQuery } from '../../../api/jobs';
import { isNotFound } from '../../../api/problem';
import { tenantUrl, useSession, useTenantPath } from '../../../app/tenant';
import { Loading } from '../../../components/loading';
import { ProblemAlert } from '../../../components/problem-alert';
import { texts } from '../../../texts';
import { submissionOfJob, type Submission } from './submission';
import { findSubmission } from './submission-store';
import { SubmissionView } from './submission-view';
import { useExclusive } from './use-exclusive';

interface ContinuedUploadProps {
  readonly uid: string;
  /** What this page submitted itself; else the browser's database has it, or the server knows the job. */
  readonly submitted: Submission | null;
  readonly onDiscarded: () => void;
}

/** Goes on with the files of a job. One tab of the browser uploads them at a time. */
export function ContinuedUpload({ uid, submitted, onDiscarded }: ContinuedUploadProps) {
  const isOurs = useExclusive(`slipway-upload-${uid}`);
  const { user } = useSession();
  const kept = useQuery({
    queryKey: ['submission', uid],
    queryFn: () => findSubmission(uid, user?.uid ?? ''),
    enabled: isOurs,
    gcTime: 0,
    networkMode: 'always',
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (!isOurs) return <Text role="status">{texts.newJob.upload.elsewhere}</Text>;
  if (submitted?.uid === uid) return <SubmissionView submission={submitted} onDiscarded={onDiscarded} />;
  if (kept.isPending) return <Loading />;
  if (kept.data) return <SubmissionView submission={kept.data} onDiscarded={onDiscarded} />;
  return <UploadFromElsewhere uid={uid} onDiscarded={onDiscarded} />;
}

/** Of a job that was submitted in another browser: its files are chosen here. */
function UploadFromElsewhere({ uid, onDiscarded }: Pick<ContinuedUploadProps, 'uid' | 'onDiscarded'>) {
  const path = useTenantPath();
  const { user } = useSession();
  // As the job was when the page came to it: the upload itself says when it takes no files any more.
  const job = useQuery({ ...jobQuery({ ...path, uid }), staleTime: Infinity });
  const bundles = useQuery(bundlesQuery(path));
  const words = texts.newJob.upload;
  if (isNotFound(job.error)) return <Text>{texts.job.notFound}</Text>;
  if (!job.data || !bundles.data) {
    const error = job.error ?? bundles.error;
    const refetch = () => void Promise.all([job.refetch(), bundles.refetch()]);
    return error ? <ProblemAlert error={error} onRetry={refetch} /> : <Loading />;
  }
  const bundle = bundles.data.items.find((candidate) => candidate.path === job.data.bundle);
  const submission = job.data.can.renewUploads ? submissionOfJob(job.data, path, user?.uid ?? '', bundle?.files ?? []) : null;
  if (submission) return <SubmissionView submission={submission} onDiscarded={onDiscarded} />;
  return (
    <Stack align="flex-start">
      <Text>{words.gone}</Text>
      <Group>
        <Button component={Link} to={`${tenantUrl(path)}/jobs/${encodeURIComponent(uid)}`} variant="default">
          {words.toJob}
        </Button>
        <Button onClick={onDiscarded}>{words.newJob}</Button>
      </Group>
    </Stack>
  );
}
