import { queryOptions } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from './client';

/** A tenant as the paths of the API name it. */
export interface TenantPath {
  readonly partner: string;
  readonly tenant: string;
}

export type Tenant = Schemas['TenantDto'];

export const tenantQuery = (path: TenantPath) =>
  queryOptions({
    queryKey: ['tenant', path.partner, path.tenant],
    queryFn: ({ signal }) => dataOf(api.GET('/api/partners/{partner}/tenants/{tenant}', { params: { path }, signal })),
    staleTime: 60_000,
  });
