import type { JobListQuery } from '../../api/jobs';

/** What the list is narrowed to, as the address has it; all are texts, empty where they do not narrow. */
export interface JobFilters {
  readonly search: string;
  /** A status, or `attention`: failed, and nobody has dealt with it. */
  readonly status: string;
  readonly bundle: string;
  readonly schoolYear: string;
  readonly origin: string;
  /** Days of the reader's calendar: `2026-01-31`, both included. */
  readonly from: string;
  readonly to: string;
  readonly sort: string;
}

export const NO_FILTERS: JobFilters = {
  search: '',
  status: '',
  bundle: '',
  schoolYear: '',
  origin: '',
  from: '',
  to: '',
  sort: '',
};
const NAMES = Object.keys(NO_FILTERS) as (keyof JobFilters)[];

export const ATTENTION = 'attention';
export const SORTS = ['-createdAt', 'createdAt', '-finishedAt', 'finishedAt'] as const;

export function readFilters(search: URLSearchParams): JobFilters {
  return { ...NO_FILTERS, ...Object.fromEntries(NAMES.map((name) => [name, search.get(name) ?? ''])) };
}

/** For the address: only what narrows. */
export function writeFilters(filters: JobFilters): URLSearchParams {
  return new URLSearchParams(NAMES.flatMap((name) => (filters[name] === '' ? [] : [[name, filters[name]]])));
}

/** How many of the filters behind the button narrow the list. */
export const countMoreFilters = ({ bundle, schoolYear, origin, from, to }: JobFilters): number =>
  [bundle, schoolYear, origin, from, to].filter((value) => value !== '').length;

export const isNarrowed = (filters: JobFilters): boolean => NAMES.some((name) => name !== 'sort' && filters[name] !== '');

/** As the API is asked. What an address has that was mistyped is left out rather than refused. */
export function toQuery({ search, status, bundle, schoolYear, origin, from, to, sort }: JobFilters): JobListQuery {
  const after = startOfDay(from, 0);
  const before = startOfDay(to, 1);
  return {
    ...(search && { search }),
    ...(status === ATTENTION ? { status: 'failed', resolved: 'false' as const } : status && { status }),
    ...(bundle && { bundle }),
    ...(schoolYear && { schoolYear }),
    ...((origin === 'api' || origin === 'web') && { origin }),
    ...(after && { createdAfter: after }),
    ...(before && { createdBefore: before }),
    ...(SORTS.some((known) => known === sort) && { sort: sort as (typeof SORTS)[number] }),
  };
}

/** Midnight in the reader's zone, `days` after that day begins; null where it is no day. */
function startOfDay(day: string, days: number): string | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (date === undefined) return null;
  const start = new Date(Number(year), Number(month) - 1, Number(date) + days);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}
