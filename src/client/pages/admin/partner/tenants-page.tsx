import { Button, Group, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconPlus, IconSchool } from '@tabler/icons-react';
import { useState } from 'react';
import { createTenant, readTenant, renameTenant, tenantsQuery, type AdminTenant } from '../../../api/admin';
import { DataTable } from '../../../components/data-table';
import { EmptyState } from '../../../components/empty-state';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { NamingModal } from '../shared/naming-modal';
import { PagedList } from '../shared/paged-list';
import { RenameModal } from '../shared/rename-modal';
import { SearchField } from '../shared/search-field';
import { SectionHeading } from '../shared/section-heading';
import { useSearch } from '../shared/use-search';
import { tenantColumns } from './tenant-columns';
import { usePartnerCode } from './use-partner-code';

const words = texts.admin.tenants;

/** The partner's tenants. */
export function Component() {
  const partner = usePartnerCode();
  const search = useSearch();
  const list = useInfiniteQuery(tenantsQuery(partner, search));
  const [named, setNamed] = useState<AdminTenant | 'new' | null>(null);
  const close = (): void => setNamed(null);
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setNamed('new')}>
      {words.add}
    </Button>
  );
  return (
    <Stack gap="md">
      <SectionHeading title={texts.admin.partner.tenants} intro={words.intro} actions={add} />
      <Group>
        <SearchField label={texts.admin.searchByName} />
      </Group>
      <Surface>
        <PagedList
          list={list}
          empty={
            <EmptyState icon={<IconSchool aria-hidden />} title={search === '' ? words.none : texts.admin.noMatches}>
              {search === '' ? words.noneHint : undefined}
            </EmptyState>
          }
        >
          {(tenants) => (
            <DataTable
              caption={texts.admin.partner.tenants}
              columns={tenantColumns(partner, setNamed)}
              rows={tenants}
              rowKey={({ code }) => code}
            />
          )}
        </PagedList>
      </Surface>
      {named === 'new' && (
        <NamingModal
          title={words.add}
          submit={texts.admin.add}
          name={null}
          said={words.added}
          save={(values) => createTenant(partner, values)}
          onClose={close}
        />
      )}
      {named !== null && named !== 'new' && (
        <RenameModal
          named={named}
          save={(name, etag) => renameTenant({ partner, tenant: named.code }, name, etag)}
          read={() => readTenant({ partner, tenant: named.code })}
          onClose={close}
        />
      )}
    </Stack>
  );
}
