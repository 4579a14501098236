import { Code, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconPlugConnected } from '@tabler/icons-react';
import { apiClientsQuery, type ApiClient } from '../../../api/admin';
import { DataTable, type Column } from '../../../components/data-table';
import { DateTime } from '../../../components/date-time';
import { EmptyState } from '../../../components/empty-state';
import { formatNumber } from '../../../components/format';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { PagedList } from '../shared/paged-list';
import { SectionHeading } from '../shared/section-heading';
import { usePartnerCode } from './use-partner-code';

const words = texts.admin.apiClients;

const columns: readonly Column<ApiClient>[] = [
  {
    key: 'client',
    header: words.client,
    cell: ({ clientId, name }) => (
      <>
        {name !== null && (
          <Text size="sm" fw={600}>
            {name}
          </Text>
        )}
        <Code>{clientId}</Code>
      </>
    ),
  },
  { key: 'issuer', header: words.issuer, cell: ({ issuer }) => issuer },
  { key: 'jobs', header: words.jobs, align: 'end', cell: ({ jobs, moreJobs }) => `${formatNumber(jobs)}${moreJobs ? '+' : ''}` },
  { key: 'firstSeen', header: words.firstSeen, cell: ({ firstJobAt }) => <DateTime value={firstJobAt} /> },
  { key: 'lastSeen', header: words.lastSeen, cell: ({ lastJobAt }) => <DateTime value={lastJobAt} /> },
];

/** The programs that have worked with the partner's jobs. */
export function Component() {
  const partner = usePartnerCode();
  const list = useInfiniteQuery(apiClientsQuery(partner));
  return (
    <Stack gap="md">
      <SectionHeading title={texts.admin.partner.apiClients} intro={words.intro} />
      <Surface>
        <PagedList
          list={list}
          empty={
            <EmptyState icon={<IconPlugConnected aria-hidden />} title={words.none}>
              {words.noneHint(partner)}
            </EmptyState>
          }
        >
          {(clients) => (
            <DataTable
              caption={texts.admin.partner.apiClients}
              columns={columns}
              rows={clients}
              rowKey={({ issuer, clientId }) => `${issuer} ${clientId}`}
            />
          )}
        </PagedList>
      </Surface>
    </Stack>
  );
}
