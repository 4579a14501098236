import { Button, Collapse, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { bundlesQuery } from '../../api/bundles';
import type { TenantPath } from '../../api/tenant';
import { useTenant } from '../../app/tenant';
import { texts } from '../../texts';
import { ATTENTION, countMoreFilters, isNarrowed, NO_FILTERS, SORTS, type JobFilters } from './filters';

const TYPING_MS = 300;
const { filters: words, statuses } = texts.jobs;

interface JobFilterBarProps {
  readonly path: TenantPath;
  readonly filters: JobFilters;
  /** The filters that change; the others stay. */
  readonly onChange: (changed: Partial<JobFilters>) => void;
}

/** Search, status and order in sight; the rest behind a button. */
export function JobFilterBar({ path, filters, onChange }: JobFilterBarProps) {
  const more = countMoreFilters(filters);
  const [opened, { toggle }] = useDisclosure(more > 0);
  return (
    <Stack gap="sm" role="search" aria-label={words.label}>
      <Group align="flex-end" gap="sm">
        <SearchInput value={filters.search} onChange={(search) => onChange({ search })} />
        <NativeSelect
          label={words.status}
          value={filters.status}
          onChange={(event) => onChange({ status: event.currentTarget.value })}
          data={[
            { value: '', label: words.anyStatus },
            { value: ATTENTION, label: words.attention },
            ...Object.entries(statuses).map(([value, label]) => ({ value, label })),
          ]}
        />
        <NativeSelect
          label={words.sort}
          value={filters.sort || SORTS[0]}
          onChange={(event) => onChange({ sort: event.currentTarget.value === SORTS[0] ? '' : event.currentTarget.value })}
          data={SORTS.map((value) => ({ value, label: words.sorts[value] }))}
        />
        <Button
          variant="default"
          leftSection={<IconFilter size={16} aria-hidden />}
          aria-expanded={opened}
          aria-controls="more-filters"
          onClick={toggle}
        >
          {more > 0 ? words.moreCount(more) : words.more}
        </Button>
        {isNarrowed(filters) && (
          <Button variant="subtle" onClick={() => onChange({ ...NO_FILTERS, sort: filters.sort })}>
            {words.clear}
          </Button>
        )}
      </Group>
      <Collapse expanded={opened} id="more-filters">
        <MoreFilters path={path} filters={filters} onChange={onChange} />
      </Collapse>
    </Stack>
  );
}

/** Asks when the typing pauses. */
function SearchInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const tell = useDebouncedCallback((text: string) => onChange(text.trim()), TYPING_MS);
  useEffect(() => setTyped((text) => (text.trim() === value ? text : value)), [value]);
  return (
    <TextInput
      type="search"
      label={texts.common.search}
      placeholder={words.searchHint}
      leftSection={<IconSearch size={16} aria-hidden />}
      flex="1 1 240px"
      maxLength={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}

function MoreFilters({ path, filters, onChange }: JobFilterBarProps) {
  const { schoolYears } = useTenant();
  const { data: bundles } = useQuery(bundlesQuery(path));
  const any = { value: '', label: words.any };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm">
      <NativeSelect
        label={words.bundle}
        value={filters.bundle}
        onChange={(event) => onChange({ bundle: event.currentTarget.value })}
        data={[any, ...(bundles?.items ?? []).map(({ path: value, displayName }) => ({ value, label: displayName }))]}
      />
      <NativeSelect
        label={words.schoolYear}
        value={filters.schoolYear}
        onChange={(event) => onChange({ schoolYear: event.currentTarget.value })}
        data={[any, ...schoolYears.map((value) => ({ value, label: texts.common.schoolYear(value) }))]}
      />
      <NativeSelect
        label={words.origin}
        value={filters.origin}
        onChange={(event) => onChange({ origin: event.currentTarget.value })}
        data={[any, { value: 'web', label: words.origins.web }, { value: 'api', label: words.origins.api }]}
      />
      <TextInput
        type="date"
        label={words.from}
        value={filters.from}
        max={filters.to || undefined}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={words.to}
        value={filters.to}
        min={filters.from || undefined}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}
