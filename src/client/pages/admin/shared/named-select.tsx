import { Select } from '@mantine/core';
import type { Named } from '../../../api/admin';
import { texts } from '../../../texts';

interface NamedSelectProps {
  readonly label: string;
  readonly value: Named | null;
  readonly onChange: (value: Named | null) => void;
  /** What the server found. */
  readonly found: readonly Named[];
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly error?: string | null;
  readonly disabled?: boolean;
  readonly clearable?: boolean;
}

/** Chooses a partner or tenant of any number: the server looks for what is typed. */
export function NamedSelect({ label, value, onChange, found, search, onSearch, error, disabled, clearable }: NamedSelectProps) {
  const options = value && !found.some(({ code }) => code === value.code) ? [value, ...found] : found;
  return (
    <Select
      label={label}
      data={options.map(({ code, name }) => ({ value: code, label: name }))}
      value={value?.code ?? null}
      onChange={(code) => onChange(options.find((option) => option.code === code) ?? null)}
      searchable
      searchValue={search}
      onSearchChange={onSearch}
      // The server has searched, by the code as well.
      filter={({ options: all }) => all}
      nothingFoundMessage={texts.admin.noMatches}
      error={error}
      disabled={disabled ?? false}
      clearable={clearable ?? false}
      clearButtonProps={{ 'aria-label': texts.admin.clear(label) }}
      renderOption={({ option }) => `${option.label} (${option.value})`}
    />
  );
}
