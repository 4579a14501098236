import { useSearchParams } from 'react-router';

/** What a `SearchField` of the page holds. */
export const useSearch = (name = 'search'): string => useSearchParams()[0].get(name) ?? '';
