import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from './client';
import type { paths } from './schema';
import type { TenantPath } from './tenant';

export type JobSummary = Schemas['WebJobSummaryDto'];
export type JobDetail = Schemas['WebJobDto'];
export type JobStatus = JobSummary['status'];
export type JobNote = Schemas['JobNoteDto'];
export type JobEvent = Schemas['TenantJobEventDto'];
export type RunError = Schemas['RunErrorDto'];

const JOBS = '/api/partners/{partner}/tenants/{tenant}/jobs';
const JOB = `${JOBS}/{uid}` as const;

export type JobListQuery = NonNullable<paths[typeof JOBS]['get']['parameters']['query']>;

/** A job as the paths of the API name it. */
export interface JobPath extends TenantPath {
  readonly uid: string;
}

const tenantKey = ({ partner, tenant }: TenantPath) => ['jobs', partner, tenant] as const;

/** Whatever shows several jobs of a tenant: stale when one of them changes. */
export const jobListsKey = (path: TenantPath) => [...tenantKey(path), 'lists'] as const;

const PAGE = 25;

export const jobsQuery = (path: TenantPath, query: JobListQuery) =>
  infiniteQueryOptions({
    queryKey: [...jobListsKey(path), 'page', query],
    queryFn: ({ signal, pageParam }) =>
      dataOf(
        api.GET(JOBS, {
          params: { path, query: { ...query, limit: PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** Jobs per day, by the days of the reader's zone. */
export const statisticsQuery = (path: TenantPath, days: number, timeZone: string) =>
  queryOptions({
    queryKey: [...jobListsKey(path), 'statistics', days, timeZone],
    queryFn: ({ signal }) => dataOf(api.GET(`${JOBS}/statistics`, { params: { path, query: { days, timeZone } }, signal })),
  });

export const jobQuery = (path: JobPath) =>
  queryOptions({
    queryKey: [...tenantKey(path), 'job', path.uid],
    queryFn: ({ signal }) => dataOf(api.GET(JOB, { params: { path }, signal })),
  });

/** Server-sent events: of all jobs of the tenant, and of one. */
export const jobChangesUrl = ({ partner, tenant }: TenantPath): string =>
  `/api/partners/${encodeURIComponent(partner)}/tenants/${encodeURIComponent(tenant)}/jobs/changes`;
export const jobEventsUrl = ({ partner, tenant, uid }: JobPath): string =>
  `/api/partners/${encodeURIComponent(partner)}/tenants/${encodeURIComponent(tenant)}/jobs/${encodeURIComponent(uid)}/events`;

export const startJob = (path: JobPath) => dataOf(api.POST(`${JOB}/start`, { params: { path } }));
export const cancelJob = (path: JobPath) => dataOf(api.POST(`${JOB}/cancel`, { params: { path } }));
export const retryJob = (path: JobPath) => dataOf(api.POST(`${JOB}/retry`, { params: { path } }));
export const resolveJob = (path: JobPath) => dataOf(api.POST(`${JOB}/resolve`, { params: { path } }));
export const reopenJob = (path: JobPath) => dataOf(api.POST(`${JOB}/reopen`, { params: { path } }));

export const addNote = (path: JobPath, text: string) => dataOf(api.POST(`${JOB}/notes`, { params: { path }, body: { text } }));
export const editNote = (path: JobPath, noteUid: string, text: string) =>
  dataOf(api.PATCH(`${JOB}/notes/{noteUid}`, { params: { path: { ...path, noteUid } }, body: { text } }));
export const deleteNote = (path: JobPath, noteUid: string) =>
  dataOf(api.DELETE(`${JOB}/notes/{noteUid}`, { params: { path: { ...path, noteUid } } }));

/** Short-lived links by env_var for inputs, by file name for outputs. */
export async function downloadLinks(path: JobPath, which: 'input' | 'output'): Promise<Record<string, string>> {
  const options = { params: { path } };
  const answer = await dataOf(
    which === 'input' ? api.POST(`${JOB}/input-links`, options) : api.POST(`${JOB}/output-links`, options),
  );
  return answer.downloadLinks;
}
