import { Button, Combobox, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { reachableTenantsQuery } from '../api/session';
import { tenantQuery } from '../api/tenant';
import { texts } from '../texts';
import classes from './shell.module.css';
import { tenantUrl, useSession, useTenantInPath } from './tenant';

const TYPING_MS = 250;

/** The tenant that the address names; who has several, goes to another one's jobs from here. */
export function TenantSwitcher() {
  const path = useTenantInPath();
  const { tenantCount } = useSession();
  const { data: current } = useQuery({ ...tenantQuery(path ?? { partner: '', tenant: '' }), enabled: path !== null });
  const name = path ? (current?.tenant.name ?? path.tenant) : texts.shell.switchTenant;
  if (tenantCount > 1) return <Switcher name={name} />;
  return path ? (
    <Text size="sm" c="dimmed" truncate>
      {name}
    </Text>
  ) : null;
}

function Switcher({ name }: { name: string }) {
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const [searched] = useDebouncedValue(search.trim(), TYPING_MS);
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setSearch('');
    },
  });
  const { data } = useQuery({ ...reachableTenantsQuery(searched), enabled: combobox.dropdownOpened });
  const items = data?.items ?? [];
  return (
    <Combobox
      store={combobox}
      width={300}
      position="bottom-start"
      withinPortal={false}
      onOptionSubmit={(value) => {
        combobox.closeDropdown();
        void navigate(`${value}/jobs`);
      }}
    >
      <Combobox.Target targetType="button" withAriaAttributes>
        <Button
          variant="default"
          size="xs"
          className={classes.tenant}
          rightSection={<IconSelector size={16} aria-hidden />}
          aria-label={`${texts.shell.tenant}: ${name}`}
          onClick={() => combobox.toggleDropdown()}
        >
          {name}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={texts.shell.searchTenants}
          aria-label={texts.shell.searchTenants}
        />
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label={texts.shell.switchTenant}>
          {items.map(({ partner, tenant }) => (
            <Combobox.Option
              key={`${partner.code}/${tenant.code}`}
              value={tenantUrl({ partner: partner.code, tenant: tenant.code })}
            >
              <Text size="sm">{tenant.name}</Text>
              <Text size="xs" c="dimmed">
                {partner.name}
              </Text>
            </Combobox.Option>
          ))}
          {data && items.length === 0 && <Combobox.Empty>{texts.shell.noTenants}</Combobox.Empty>}
        </Combobox.Options>
        {data?.hasMore && <Combobox.Footer>{texts.shell.moreTenants}</Combobox.Footer>}
      </Combobox.Dropdown>
    </Combobox>
  );
}
