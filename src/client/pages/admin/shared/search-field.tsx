import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';

const PAUSE_MS = 250;

/** A search that is kept in the address, so that it survives a reload and can be sent to others. */
export function SearchField({ label, name = 'search' }: { label: string; name?: string }) {
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState(params.get(name) ?? '');
  const keep = useDebouncedCallback((value: string) => {
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value.trim() === '') next.delete(name);
        else next.set(name, value.trim());
        return next;
      },
      { replace: true },
    );
  }, PAUSE_MS);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        keep(value);
      }}
      miw={0}
      flex="1 1 220px"
      maw={420}
    />
  );
}
