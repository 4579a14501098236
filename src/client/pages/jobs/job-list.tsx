import { Anchor, Button, Center, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconFileOff, IconFileSearch, IconInbox } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { jobsQuery, type JobSummary } from '../../api/jobs';
import type { TenantPath } from '../../api/tenant';
import { tenantUrl } from '../../app/tenant';
import { DataTable, type Column } from '../../components/data-table';
import { DateTime } from '../../components/date-time';
import { EmptyState } from '../../components/empty-state';
import { JobStatusBadge } from '../../components/job-status';
import { Loading } from '../../components/loading';
import { ProblemAlert } from '../../components/problem-alert';
import { Submitter } from '../../components/submitter';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';
import type { JobLinkState } from '../job/job-page';
import { isNarrowed, toQuery, type JobFilters } from './filters';

interface JobListProps {
  readonly path: TenantPath;
  readonly filters: JobFilters;
  readonly onClear: () => void;
}

/** The jobs that the filters leave, a page at a time. */
export function JobList({ path, filters, onClear }: JobListProps) {
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    jobsQuery(path, toQuery(filters)),
  );
  const { search } = useLocation();
  const jobs = data?.pages.flatMap((page) => page.items);
  if (!jobs) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Loading />;
  return (
    <Stack gap="md">
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      <Surface style={{ opacity: isPlaceholderData ? 0.6 : 1 }} aria-busy={isPlaceholderData}>
        {jobs.length > 0 ? (
          <DataTable
            caption={texts.jobs.caption}
            columns={columnsFor(path, { list: search })}
            rows={jobs}
            rowKey={(job) => job.uid}
          />
        ) : hasNextPage ? (
          <NotFoundYet />
        ) : isNarrowed(filters) ? (
          <NothingFound onClear={onClear} />
        ) : (
          <NoJobs path={path} />
        )}
      </Surface>
      {hasNextPage && (
        <Center>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {jobs.length > 0 ? texts.common.loadMore : texts.jobs.lookFurther}
          </Button>
        </Center>
      )}
    </Stack>
  );
}

const columnsFor = (path: TenantPath, state: JobLinkState): Column<JobSummary>[] => [
  {
    key: 'files',
    header: texts.jobs.columns.files,
    cell: (job) => (
      <>
        <Anchor component={Link} to={`${tenantUrl(path)}/jobs/${job.uid}`} state={state} fw={600} size="sm">
          {job.fileNames.join(', ') || job.uid}
        </Anchor>
        <Text size="sm" c="dimmed">
          {texts.jobs.bundleAndYear(job.bundleName, job.schoolYear)}
        </Text>
      </>
    ),
  },
  {
    key: 'status',
    header: texts.jobs.columns.status,
    cell: (job) => (
      <>
        <JobStatusBadge status={job.status} resolved={job.resolvedAt !== null} />
        <JobNote job={job} />
      </>
    ),
  },
  { key: 'submittedBy', header: texts.jobs.columns.submittedBy, cell: (job) => <Submitter job={job} /> },
  { key: 'createdAt', header: texts.jobs.columns.createdAt, cell: (job) => <DateTime value={job.createdAt} /> },
  {
    key: 'finishedAt',
    header: texts.jobs.columns.finishedAt,
    cell: (job) => (job.finishedAt === null ? <Text size="sm">–</Text> : <DateTime value={job.finishedAt} />),
  },
];

/** What is to be said beside the status: how far it is, or why it failed. */
function JobNote({ job }: { job: JobSummary }) {
  const percent = job.status === 'running' ? job.progress?.percent : null;
  const text = percent != null ? texts.jobs.percent(percent) : job.error && job.resolvedAt === null ? job.error.title : null;
  return text === null ? null : (
    <Text size="xs" c="dimmed" mt={4}>
      {text}
    </Text>
  );
}

/** A search looks through so many jobs a page, and may come to none that it is for. */
function NotFoundYet() {
  return (
    <EmptyState icon={<IconFileSearch size={28} stroke={1.5} />} title={texts.jobs.notFoundYetTitle}>
      {texts.jobs.notFoundYet}
    </EmptyState>
  );
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={<IconFileOff size={28} stroke={1.5} />}
      title={texts.jobs.nothingFoundTitle}
      action={
        <Button variant="default" onClick={onClear}>
          {texts.jobs.filters.clear}
        </Button>
      }
    >
      {texts.jobs.nothingFound}
    </EmptyState>
  );
}

function NoJobs({ path }: { path: TenantPath }) {
  return (
    <EmptyState
      icon={<IconInbox size={28} stroke={1.5} />}
      title={texts.jobs.emptyTitle}
      action={
        <Button component={Link} to={`${tenantUrl(path)}/jobs/new`}>
          {texts.shell.newJob}
        </Button>
      }
    >
      {texts.jobs.empty}
    </EmptyState>
  );
}
