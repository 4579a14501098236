import { Button, Stack, Text } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { useEventSource } from '../../api/event-source';
import { jobChangesUrl, jobListsKey } from '../../api/jobs';
import type { TenantPath } from '../../api/tenant';
import { tenantUrl, useTenant, useTenantPath } from '../../app/tenant';
import { PageHeading } from '../../components/page-heading';
import { texts } from '../../texts';
import { NO_FILTERS, readFilters, writeFilters, type JobFilters } from './filters';
import { JobFilterBar } from './job-filter-bar';
import { JobList } from './job-list';
import { StatisticsCard } from './statistics-card';

/** A run reports every second or so; the list need not follow faster. */
const REFRESH_MS = 1_500;

/** Keeps the lists current while the page is open. @returns whether it does; null until that is known */
function useLiveLists(path: TenantPath): boolean | null {
  const client = useQueryClient();
  const refresh = useThrottledCallback(() => void client.invalidateQueries({ queryKey: jobListsKey(path) }), REFRESH_MS);
  return useEventSource(jobChangesUrl(path), { events: ['job'], onEvent: refresh, onReopen: refresh, goesOn: true });
}

/** The jobs of a tenant. */
export function Component() {
  const path = useTenantPath();
  const { tenant, partner } = useTenant();
  const [search, setSearch] = useSearchParams();
  const filters = readFilters(search);
  const live = useLiveLists(path);
  /** Upon the address as it is now: what is shown may be a moment behind it. */
  const setFilters = (changed: Partial<JobFilters>): void => {
    const current = readFilters(new URLSearchParams(window.location.search));
    // One can go back from a choice, but not through every pause in what was typed.
    const replace = Object.keys(changed).every((name) => name === 'search');
    setSearch(writeFilters({ ...current, ...changed }), { replace, preventScrollReset: true });
  };
  return (
    <Stack gap="lg">
      <PageHeading
        title={texts.jobs.title}
        description={texts.jobs.ofTenant(tenant.name, partner.name)}
        actions={
          <Button component={Link} to={`${tenantUrl(path)}/jobs/new`} leftSection={<IconPlus size={18} aria-hidden />}>
            {texts.shell.newJob}
          </Button>
        }
      />
      <StatisticsCard path={path} />
      <JobFilterBar path={path} filters={filters} onChange={setFilters} />
      {live === false && (
        <Text size="sm" c="dimmed" role="status">
          {texts.jobs.notLive}
        </Text>
      )}
      <JobList path={path} filters={filters} onClear={() => setFilters({ ...NO_FILTERS, sort: filters.sort })} />
    </Stack>
  );
}
