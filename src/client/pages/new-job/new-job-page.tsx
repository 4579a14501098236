import { Stack } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useTenant } from '../../app/tenant';
import { PageHeading } from '../../components/page-heading';
import { texts } from '../../texts';
import { NewJobForm } from './form/new-job-form';
import { ContinuedUpload } from './uploads/continued-upload';
import type { Submission } from './uploads/submission';
import { UnfinishedSubmissions } from './uploads/unfinished-submissions';

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
        <ContinuedUpload key={uid} uid={uid} submitted={submitted} onDiscarded={begin} />
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
