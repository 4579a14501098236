import { Anchor, Grid, Stack } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link, useLocation, useParams } from 'react-router';
import { isNotFound } from '../../api/problem';
import { jobListsKey, jobQuery, type JobDetail, type JobPath } from '../../api/jobs';
import { Notice } from '../../app/notice';
import { tenantUrl, useTenantPath } from '../../app/tenant';
import { Loading } from '../../components/loading';
import { ProblemAlert } from '../../components/problem-alert';
import { texts } from '../../texts';
import { JobDetails } from './job-details';
import { JobErrorAlert } from './job-error';
import { JobFiles } from './job-files';
import { JobHeading } from './job-heading';
import { JobLog } from './job-log';
import { JobNotes } from './job-notes';
import { JobResult } from './job-result';
import { JobTracker } from './job-tracker';
import { useBundleNames } from './use-bundle-names';
import { useJobEvents } from './use-job-events';

/** How often the job is asked for anew at most while it reports. */
const REFRESH_MS = 1_000;

/** What a list of jobs says to the page of one. */
export interface JobLinkState {
  /** The list's filters as its address has them, so that one comes back to the same list. */
  readonly list: string;
}

/** One job: how far it is, what came of it, and what people say about it. */
export function Component() {
  const tenant = useTenantPath();
  const { uid = '' } = useParams();
  const path: JobPath = { ...tenant, uid };
  const { data: job, error, refetch } = useQuery(jobQuery(path));
  const state = useLocation().state as JobLinkState | null;
  return (
    <Stack gap="lg">
      <Anchor component={Link} to={`${tenantUrl(tenant)}/jobs${state?.list ?? ''}`} size="sm" w="fit-content">
        <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {texts.job.back}
      </Anchor>
      {isNotFound(error) ? (
        <Notice title={texts.job.notFoundTitle} text={texts.job.notFound} />
      ) : (
        <>
          {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
          {job ? <Job key={uid} path={path} job={job} /> : !error && <Loading />}
        </>
      )}
    </Stack>
  );
}

function Job({ path, job }: { path: JobPath; job: JobDetail }) {
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: jobQuery(path).queryKey });
  const follow = useThrottledCallback(() => void refresh(), REFRESH_MS);
  const nameOf = useBundleNames(path, job.bundle);
  const { events, live } = useJobEvents(path, job.status, follow);
  /** What a person does to a job shows here and in the lists. */
  const onChanged = async (): Promise<void> => {
    await Promise.all([refresh(), client.invalidateQueries({ queryKey: jobListsKey(path) })]);
  };
  return (
    <>
      <JobHeading path={path} job={job} onChanged={onChanged} />
      <JobTracker job={job} events={events} />
      <JobErrorAlert job={job} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <JobResult job={job} />
            <JobFiles path={path} job={job} nameOf={nameOf} />
            <JobLog job={job} events={events} live={live} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <JobDetails job={job} nameOf={nameOf} />
            <JobNotes path={path} notes={job.notes} onChanged={onChanged} />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}
