import { Group, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconSchool } from '@tabler/icons-react';
import { tenantsQuery } from '../../../api/admin';
import { EmptyState } from '../../../components/empty-state';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { PagedList } from '../shared/paged-list';
import { SearchField } from '../shared/search-field';
import { SectionHeading } from '../shared/section-heading';
import { useSearch } from '../shared/use-search';
import { SchoolYearsForm } from './school-years-form';
import { usePartnerCode } from './use-partner-code';

/** Which school years are enabled for each tenant. */
export function Component() {
  const partner = usePartnerCode();
  const search = useSearch();
  const list = useInfiniteQuery(tenantsQuery(partner, search));
  const { none, noneHint } = texts.admin.tenants;
  return (
    <Stack gap="md">
      <SectionHeading title={texts.admin.partner.schoolYears} intro={texts.admin.schoolYears.intro} />
      <Group>
        <SearchField label={texts.admin.searchByName} />
      </Group>
      <Surface>
        <PagedList
          list={list}
          empty={
            <EmptyState icon={<IconSchool aria-hidden />} title={search === '' ? none : texts.admin.noMatches}>
              {search === '' ? noneHint : undefined}
            </EmptyState>
          }
        >
          {(tenants) => <SchoolYearsForm partner={partner} tenants={tenants} />}
        </PagedList>
      </Surface>
    </Stack>
  );
}
