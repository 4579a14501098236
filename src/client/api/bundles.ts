import { queryOptions } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from './client';
import type { TenantPath } from './tenant';

export type Bundle = Schemas['WebBundleSummaryDto'];
export type BundleDetail = Schemas['WebBundleDto'];

/** The bundles that the tenant's partner may use. */
export const bundlesQuery = (path: TenantPath) =>
  queryOptions({
    queryKey: ['bundles', path.partner, path.tenant],
    queryFn: ({ signal }) => dataOf(api.GET('/api/partners/{partner}/tenants/{tenant}/bundles', { params: { path }, signal })),
    staleTime: 60_000,
  });

/** One of them, with its columns and the settings of the tenant's last job of it. */
export const bundleQuery = (tenant: TenantPath, bundle: string) =>
  queryOptions({
    queryKey: ['bundle', tenant.partner, tenant.tenant, bundle],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/partners/{partner}/tenants/{tenant}/bundles/{path}', {
          params: { path: { ...tenant, path: bundle } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });
