import { Alert, Code, DataList, List, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconCheck, IconHourglass } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { registryQuery, type Registry } from '../../../api/admin';
import { DateTime } from '../../../components/date-time';
import { formatNumber } from '../../../components/format';
import { Loading } from '../../../components/loading';
import { PageHeading } from '../../../components/page-heading';
import { ProblemAlert } from '../../../components/problem-alert';
import { StatusBadge } from '../../../components/status-badge';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';

const words = texts.admin.registry;
const REFRESH_MS = 15_000;

/** Whether the bundles are what the registry has, and if not, why. */
export function Component() {
  const { data, error, refetch } = useQuery({ ...registryQuery, refetchInterval: REFRESH_MS });
  return (
    <Stack gap="lg">
      <PageHeading title={words.title} description={words.intro} />
      {data && <RegistryState registry={data} />}
      {!data && (error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Loading />)}
    </Stack>
  );
}

function RegistryState({ registry }: { registry: Registry }) {
  const { source, version, bundles, lastRefreshAt, lastSuccessAt, problems } = registry;
  const facts: [string, ReactNode][] = [
    [words.state, <RegistryBadge key="state" status={registry.status} />],
    [words.source, <Code key="source">{source}</Code>],
    [words.version, version === null ? texts.common.none : <Code key="version">{version}</Code>],
    [words.bundles, formatNumber(bundles)],
    [words.lastRefresh, lastRefreshAt === null ? words.never : <DateTime key="refresh" value={lastRefreshAt} inline />],
    [words.lastSuccess, lastSuccessAt === null ? words.never : <DateTime key="success" value={lastSuccessAt} inline />],
  ];
  return (
    <>
      <Surface p="md">
        <DataList labelWidth={150} gap="md">
          {facts.map(([label, value]) => (
            <DataList.Item key={label}>
              <DataList.ItemLabel>{label}</DataList.ItemLabel>
              <DataList.ItemValue style={{ overflowWrap: 'anywhere', minWidth: 0 }}>{value}</DataList.ItemValue>
            </DataList.Item>
          ))}
        </DataList>
      </Surface>
      <Title order={2}>{words.problems}</Title>
      {problems.length === 0 ? (
        <Text>{words.noProblems}</Text>
      ) : (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={words.problemsHint}>
          <List size="sm" spacing="xs">
            {problems.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}

const LOOKS = {
  loading: { tone: 'waiting', icon: <IconHourglass aria-hidden /> },
  ready: { tone: 'good', icon: <IconCheck aria-hidden /> },
  stale: { tone: 'warning', icon: <IconAlertTriangle aria-hidden /> },
  unavailable: { tone: 'bad', icon: <IconAlertTriangle aria-hidden /> },
} as const;

function RegistryBadge({ status }: { status: Registry['status'] }) {
  const { tone, icon } = LOOKS[status];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {words.statuses[status]}
    </StatusBadge>
  );
}
