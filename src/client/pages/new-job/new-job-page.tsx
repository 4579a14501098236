import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useSession, useTenant } from '../../app/tenant';
import { Loading } from '../../components/loading';
import { PageHeading } from '../../components/page-heading';
import { texts } from '../../texts';
import { NewJobForm } from './form/new-job-form';
import type { Submission } from './uploads/submission';
import { findSubmission } from './uploads/submission-store';
import { SubmissionView } from './uploads/submission-view';
import { UnfinishedSubmissions } from './uploads/unfinished-submissions';
import { useExclusive } from './uploads/use-exclusive';

/** The parameter of the address with the job whose files are uploaded, so that a reload goes on with it. */
const JOB = 'job';

/** From the choice of a bundle to the start of the job. */
export function Component() {
  const tenant = useTenant();
  const [search, setSearch] = useSearchParams();
  const [submitted, setSubmitted] = useState<Submission | null>(null);
  const uid = search.get(JOB);
  const begin = (): void => {
    setSubmitted(null);
    setSearch({}, { replace: true });
  };
  const words = texts.newJob;
  if (uid !== null)
    return (
      <Stack gap="lg">
        <PageHeading title={words.upload.title} />
        <Continued key={uid} uid={uid} submitted={submitted} onDiscarded={begin} />
      </Stack>
    );
  return (
    <Stack gap="lg">
      <PageHeading title={words.title} description={words.intro} />
      <UnfinishedSubmissions />
      <NewJobForm
        tenant={tenant}
        onSubmitted={(submission) => {
          setSubmitted(submission);
          setSearch({ [JOB]: submission.uid }, { replace: true });
        }}
      />
    </Stack>
  );
}

interface ContinuedProps {
  readonly uid: string;
  /** What this page submitted itself; else the browser's database has it. */
  readonly submitted: Submission | null;
  readonly onDiscarded: () => void;
}

/** One tab of the browser uploads a submission at a time. */
function Continued({ uid, submitted, onDiscarded }: ContinuedProps) {
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
  const words = texts.newJob.upload;
  if (!isOurs) return <Text role="status">{words.elsewhere}</Text>;
  if (submitted?.uid === uid) return <SubmissionView submission={submitted} onDiscarded={onDiscarded} />;
  if (kept.isPending) return <Loading />;
  if (kept.data) return <SubmissionView submission={kept.data} onDiscarded={onDiscarded} />;
  return (
    <Stack align="flex-start">
      <Text>{words.gone}</Text>
      <Button onClick={onDiscarded}>{words.newJob}</Button>
    </Stack>
  );
}
