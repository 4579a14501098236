import { Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { statisticsQuery } from '../../api/jobs';
import type { TenantPath } from '../../api/tenant';
import { DataTable } from '../../components/data-table';
import { formatDay, formatNumber, timeZone } from '../../components/format';
import { ProblemAlert } from '../../components/problem-alert';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';
import { CHART_HEIGHT, StatisticsChart, type Day } from './statistics-chart';
import classes from './statistics.module.css';

const DAYS = 30;
const { statistics: words } = texts.jobs;
const sum = (days: readonly Day[], what: 'submitted' | 'succeeded' | 'failed'): number =>
  days.reduce((total, day) => total + day[what], 0);

/** What became of the last month's jobs, as a chart, and for those who prefer it as a table. */
export function StatisticsCard({ path }: { path: TenantPath }) {
  const { data, error, refetch } = useQuery(statisticsQuery(path, DAYS, timeZone()));
  const days = data?.days;
  return (
    <Surface p="lg">
      <Stack gap="md">
        <Group justify="space-between" gap="md">
          <Title order={2}>{words.title(DAYS)}</Title>
          {days && <Legend days={days} />}
        </Group>
        {days ? (
          <>
            <StatisticsChart
              days={days}
              label={words.summary(sum(days, 'submitted'), sum(days, 'succeeded'), sum(days, 'failed'))}
            />
            <details className={classes.details}>
              <summary>{words.asTable}</summary>
              <DataTable
                caption={words.title(DAYS)}
                rows={[...days].reverse()}
                rowKey={({ date }) => date}
                columns={[
                  { key: 'date', header: words.day, cell: ({ date }) => formatDay(date) },
                  { key: 'submitted', header: words.submitted, align: 'end', cell: (day) => formatNumber(day.submitted) },
                  { key: 'succeeded', header: words.succeeded, align: 'end', cell: (day) => formatNumber(day.succeeded) },
                  { key: 'failed', header: words.failed, align: 'end', cell: (day) => formatNumber(day.failed) },
                ]}
              />
            </details>
          </>
        ) : error ? (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton height={CHART_HEIGHT} aria-busy />
        )}
      </Stack>
    </Surface>
  );
}

function Legend({ days }: { days: readonly Day[] }) {
  return (
    <Group gap="md" component="ul" className={classes.legend}>
      {(['submitted', 'succeeded', 'failed'] as const).map((what) => (
        <li key={what} data-series={what}>
          <Text component="span" size="sm">
            {words[what]} <strong>{formatNumber(sum(days, what))}</strong>
          </Text>
        </li>
      ))}
    </Group>
  );
}
