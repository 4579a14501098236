import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reachableTenantsQuery } from '../../../api/session';
import type { Tenant } from '../../../api/tenant';
import { tenantUrl } from '../../../app/tenant';
import { texts } from '../../../texts';

const TYPING_MS = 250;

/** Chooses the tenant that the job is for. @param onChange with the address of the other tenant's pages */
export function TenantField({ current, onChange }: { current: Tenant; onChange: (url: string) => void }) {
  const [search, setSearch] = useState('');
  const [searched] = useDebouncedValue(search.trim(), TYPING_MS);
  // The field shows the chosen tenant's name, which is not what is looked for.
  const { data } = useQuery(reachableTenantsQuery(searched === labelOf(current) ? '' : searched));
  const found = data?.items ?? [];
  const options = new Map([current, ...found].map((option) => [urlOf(option), labelOf(option)]));
  return (
    <Select
      label={texts.newJob.tenant}
      placeholder={texts.newJob.tenantPlaceholder}
      data={[...options].map(([value, label]) => ({ value, label }))}
      value={urlOf(current)}
      onChange={(url) => url !== null && url !== urlOf(current) && onChange(url)}
      onSearchChange={setSearch}
      nothingFoundMessage={texts.shell.noTenants}
      allowDeselect={false}
      searchable
    />
  );
}

type Named = Pick<Tenant, 'partner' | 'tenant'>;

const urlOf = ({ partner, tenant }: Named): string => tenantUrl({ partner: partner.code, tenant: tenant.code });
const labelOf = ({ partner, tenant }: Named): string => `${tenant.name} (${partner.name})`;
