import { useSuspenseQuery } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { useParams } from 'react-router';
import type { Session } from '../api/session';
import { tenantQuery, type Tenant, type TenantPath } from '../api/tenant';

/** The session that the pages are of; `SignedIn` provides it. It stays while that of the server has ended, as the pages do. */
export const SessionContext = createContext<Session | null>(null);

/** Who is signed in. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('this is not under SignedIn');
  return session;
}

/** The tenant that the address names, or null on a page of none. */
export function useTenantInPath(): TenantPath | null {
  const { partner, tenant } = useParams();
  return partner !== undefined && tenant !== undefined ? { partner, tenant } : null;
}

/** The tenant of a page under `/partners/:partner/tenants/:tenant`. */
export function useTenantPath(): TenantPath {
  const path = useTenantInPath();
  if (!path) throw new Error('this page is not under a tenant');
  return path;
}

export const useTenant = (): Tenant => useSuspenseQuery(tenantQuery(useTenantPath())).data;

/** Where a tenant's pages begin. */
export const tenantUrl = ({ partner, tenant }: TenantPath): string =>
  `/partners/${encodeURIComponent(partner)}/tenants/${encodeURIComponent(tenant)}`;

const LAST_TENANT = 'slipway.last-tenant';

/** So that the start page leads back to it. */
export function rememberTenant({ partner, tenant }: TenantPath): void {
  localStorage.setItem(LAST_TENANT, JSON.stringify({ partner, tenant }));
}

/** The tenant of the links on pages that belong to none: the last one seen, or the first; null where the user has none. */
export function homeTenant({ firstTenant }: Session): TenantPath | null {
  const stored = localStorage.getItem(LAST_TENANT);
  if (firstTenant && stored !== null) return JSON.parse(stored) as TenantPath;
  return firstTenant && { partner: firstTenant.partner.code, tenant: firstTenant.tenant.code };
}

/** When another user may come: their tenants are others. */
export const forgetTenant = (): void => localStorage.removeItem(LAST_TENANT);
