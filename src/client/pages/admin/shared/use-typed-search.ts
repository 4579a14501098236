import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { Named } from '../../../api/admin';

const PAUSE_MS = 250;

/** What is typed into a `NamedSelect`, and what to look for: what is chosen stands there too, and is nothing to look for. */
export function useTypedSearch(chosen: Named | null) {
  const [search, onSearch] = useState('');
  const [typed] = useDebouncedValue(search.trim(), PAUSE_MS);
  return { search, onSearch, wanted: typed === chosen?.name ? '' : typed };
}
