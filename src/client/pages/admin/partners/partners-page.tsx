import { Anchor, Button, Code, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { createPartner, partnersQuery, type Partner } from '../../../api/admin';
import { useSession } from '../../../app/tenant';
import { DataTable, type Column } from '../../../components/data-table';
import { DateTime } from '../../../components/date-time';
import { EmptyState } from '../../../components/empty-state';
import { formatNumber } from '../../../components/format';
import { PageHeading } from '../../../components/page-heading';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { NamingModal } from '../shared/naming-modal';
import { PagedList } from '../shared/paged-list';
import { SearchField } from '../shared/search-field';
import { partnerUrl } from '../shared/urls';
import { useSearch } from '../shared/use-search';

const words = texts.admin.partners;

const columns: readonly Column<Partner>[] = [
  {
    key: 'name',
    header: texts.admin.name,
    cell: ({ code, name }) => (
      <Anchor component={Link} to={partnerUrl(code)} fw={600}>
        {name}
      </Anchor>
    ),
  },
  { key: 'code', header: texts.admin.code, minWidth: 'min(140px, 12vw)', cell: ({ code }) => <Code>{code}</Code> },
  { key: 'tenants', header: texts.admin.partner.tenants, align: 'end', cell: ({ tenants }) => formatNumber(tenants) },
  {
    key: 'created',
    header: texts.admin.since,
    minWidth: 'min(164px, 13vw)',
    cell: ({ createdAt }) => <DateTime value={createdAt} />,
  },
];

/** The partners that the user administers. */
export function Component() {
  const { operator } = useSession();
  const search = useSearch();
  const list = useInfiniteQuery(partnersQuery(search));
  const [adding, { open, close }] = useDisclosure(false);
  const add = operator && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {words.add}
    </Button>
  );
  return (
    <Stack gap="lg">
      <PageHeading title={words.title} description={words.intro} actions={add} />
      <Group>
        <SearchField label={texts.admin.searchByName} />
      </Group>
      <Surface>
        <PagedList
          list={list}
          empty={
            <EmptyState icon={<IconBuilding aria-hidden />} title={search === '' ? words.none : texts.admin.noMatches}>
              {search === '' ? words.noneHint : undefined}
            </EmptyState>
          }
        >
          {(partners) => <DataTable caption={words.title} columns={columns} rows={partners} rowKey={({ code }) => code} />}
        </PagedList>
      </Surface>
      {adding && (
        <NamingModal
          title={words.add}
          submit={texts.admin.add}
          name={null}
          nameExample={words.nameExample}
          said={words.added}
          save={createPartner}
          onClose={close}
        />
      )}
    </Stack>
  );
}
