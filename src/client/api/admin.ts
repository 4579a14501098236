import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from './client';
import type { TenantPath } from './tenant';

export type Partner = Schemas['AdminPartnerDto'];
export type AdminTenant = Schemas['AdminTenantDto'];
export type PartnerBundle = Schemas['PartnerBundleDto'];
export type PartnerBundles = Schemas['PartnerBundleListDto'];
export type ApiClient = Schemas['ApiClientDto'];
export type User = Schemas['AdminUserDto'];
export type OdsConnection = Schemas['OdsConnectionDto'];
export type OdsCheck = Schemas['OdsCheckDto'];
export type Registry = Schemas['RegistryDto'];
export type AuditRecord = Schemas['AuditRecordDto'];

export type Role = RoleGrant['role'];
export type Named = Schemas['NamedDto'];

/** A role with what it is for. */
export type RoleGrant = Schemas['UserRoleDto'];

/** A change of what has this entity tag; refused as `precondition_failed` if it has another one by now. */
const ifMatch = (etag: string) => ({ 'If-Match': etag });

interface PageQuery {
  limit: number;
  cursor?: string;
}
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
const PAGE = 50;

/** A list that is read page by page, as far as the reader asks for it. */
const paged = <T>(key: readonly unknown[], read: (query: PageQuery, signal: AbortSignal) => Promise<Page<T>>) =>
  infiniteQueryOptions({
    queryKey: ['admin', ...key],
    queryFn: ({ signal, pageParam }) => read({ limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    // While one types a search the list stays, with what has been edited in it.
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });

const searched = (search: string): { search?: string } => (search === '' ? {} : { search });

export const partnersQuery = (search: string) =>
  paged(['partners', search], (page, signal) =>
    dataOf(api.GET('/api/admin/partners', { params: { query: { ...page, ...searched(search) } }, signal })),
  );

export const partnerQuery = (partner: string) =>
  queryOptions({
    queryKey: ['admin', 'partner', partner],
    queryFn: ({ signal }) => dataOf(api.GET('/api/admin/partners/{partner}', { params: { path: { partner } }, signal })),
  });

export const readPartner = (partner: string): Promise<Partner> =>
  dataOf(api.GET('/api/admin/partners/{partner}', { params: { path: { partner } } }));

export const createPartner = (body: { code: string; name: string }): Promise<Partner> =>
  dataOf(api.POST('/api/admin/partners', { body }));

export const renamePartner = (partner: string, name: string, etag: string): Promise<Partner> =>
  dataOf(api.PATCH('/api/admin/partners/{partner}', { params: { path: { partner }, header: ifMatch(etag) }, body: { name } }));

export const tenantsQuery = (partner: string, search: string) =>
  paged(['tenants', partner, search], (page, signal) => {
    const params = { path: { partner }, query: { ...page, ...searched(search) } };
    return dataOf(api.GET('/api/admin/partners/{partner}/tenants', { params, signal }));
  });

export const createTenant = (partner: string, body: { code: string; name: string }): Promise<AdminTenant> =>
  dataOf(api.POST('/api/admin/partners/{partner}/tenants', { params: { path: { partner } }, body }));

const TENANT = '/api/admin/partners/{partner}/tenants/{tenant}';

export const readTenant = (path: TenantPath): Promise<AdminTenant> => dataOf(api.GET(TENANT, { params: { path } }));

export const renameTenant = (path: TenantPath, name: string, etag: string): Promise<AdminTenant> =>
  dataOf(api.PATCH(TENANT, { params: { path, header: ifMatch(etag) }, body: { name } }));

export const saveSchoolYears = (path: TenantPath, schoolYears: string[], etag: string): Promise<AdminTenant> =>
  dataOf(api.PUT(`${TENANT}/school-years`, { params: { path, header: ifMatch(etag) }, body: { schoolYears } }));

export const partnerBundlesQuery = (partner: string) =>
  queryOptions({
    queryKey: ['admin', 'bundles', partner],
    queryFn: ({ signal }) => dataOf(api.GET('/api/admin/partners/{partner}/bundles', { params: { path: { partner } }, signal })),
  });

const BUNDLES = '/api/admin/partners/{partner}/bundles';

export const readPartnerBundles = (partner: string): Promise<PartnerBundles> =>
  dataOf(api.GET(BUNDLES, { params: { path: { partner } } }));

export const savePartnerBundles = (partner: string, bundles: string[], etag: string): Promise<PartnerBundles> =>
  dataOf(api.PUT(BUNDLES, { params: { path: { partner }, header: ifMatch(etag) }, body: { bundles } }));

export const apiClientsQuery = (partner: string) =>
  paged(['api-clients', partner], (query, signal) =>
    dataOf(api.GET('/api/admin/partners/{partner}/api-clients', { params: { path: { partner }, query }, signal })),
  );

export const odsConnectionsQuery = (path: TenantPath) =>
  queryOptions({
    queryKey: ['admin', 'ods-connections', path.partner, path.tenant],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/admin/partners/{partner}/tenants/{tenant}/ods-connections', { params: { path }, signal })),
  });

/** Of a tenant for a school year, as the paths of the API name it. */
export interface OdsConnectionPath extends TenantPath {
  readonly schoolYear: string;
}

const ODS_CONNECTION = '/api/admin/partners/{partner}/tenants/{tenant}/ods-connections/{schoolYear}';

/** null: there is none. */
export async function readOdsConnection({ schoolYear, ...path }: OdsConnectionPath): Promise<OdsConnection | null> {
  const { items } = await dataOf(api.GET(`${TENANT}/ods-connections`, { params: { path } }));
  return items.find((connection) => connection.schoolYear === schoolYear) ?? null;
}

/** Without key and secret the stored ones stay. @param etag null: there is none yet */
export const saveOdsConnection = (
  path: OdsConnectionPath,
  body: Schemas['SaveOdsConnectionDto'],
  etag: string | null,
): Promise<OdsConnection> =>
  dataOf(api.PUT(ODS_CONNECTION, { params: { path, header: etag === null ? { 'If-None-Match': '*' } : ifMatch(etag) }, body }));

export const deleteOdsConnection = (path: OdsConnectionPath) => dataOf(api.DELETE(ODS_CONNECTION, { params: { path } }));

export const testOdsConnection = (path: OdsConnectionPath): Promise<OdsCheck> =>
  dataOf(api.POST(`${ODS_CONNECTION}/test`, { params: { path } }));

export interface UserFilters {
  readonly search: string;
  readonly state: User['state'] | null;
}

/** @param partner those with a role for it; null: all, which is for operators */
export const usersQuery = (partner: string | null, { search, state }: UserFilters) =>
  paged(['users', partner, search, state], (page, signal) => {
    const query = { ...page, ...searched(search), ...(state ? { state } : {}) };
    if (partner === null) return dataOf(api.GET('/api/admin/users', { params: { query }, signal }));
    return dataOf(api.GET('/api/admin/partners/{partner}/users', { params: { path: { partner }, query }, signal }));
  });

/** Who somebody is, for admitting them before they have signed in; `issuer` is the id of a login issuer. */
export type Person = Omit<Schemas['AddUserDto'], 'roles'>;

export const addUser = (person: Person, roles: RoleGrant[]): Promise<User> =>
  dataOf(api.POST('/api/admin/users', { body: { ...person, roles: roles.map(codesOf) } }));

/** @param tenants for whom they are to work, by code */
export const addStaff = (partner: string, person: Person, tenants: string[]): Promise<User> =>
  dataOf(
    api.POST('/api/admin/partners/{partner}/users', {
      params: { path: { partner } },
      body: { ...person, roles: staffOf(tenants) },
    }),
  );

export const setUserState = (uid: string, state: 'admitted' | 'disabled'): Promise<User> =>
  dataOf(api.PATCH('/api/admin/users/{uid}', { params: { path: { uid } }, body: { state } }));

/** @param partner with the roles for it alone; null: with all, which is for operators */
export const readUser = (partner: string | null, uid: string): Promise<User> =>
  partner === null
    ? dataOf(api.GET('/api/admin/users/{uid}', { params: { path: { uid } } }))
    : dataOf(api.GET('/api/admin/partners/{partner}/users/{uid}', { params: { path: { partner, uid } } }));

/** All roles of a user, of every partner. */
export const saveRoles = (uid: string, roles: RoleGrant[], etag: string): Promise<User> =>
  dataOf(
    api.PUT('/api/admin/users/{uid}/roles', {
      params: { path: { uid }, header: ifMatch(etag) },
      body: { roles: roles.map(codesOf) },
    }),
  );

/** For which tenants of the partner a user works; their other roles stay. */
export const saveStaffRoles = (partner: string, uid: string, tenants: string[], etag: string): Promise<User> =>
  dataOf(
    api.PUT('/api/admin/partners/{partner}/users/{uid}/roles', {
      params: { path: { partner, uid }, header: ifMatch(etag) },
      body: { roles: staffOf(tenants) },
    }),
  );

const codesOf = ({ role, partner, tenant }: RoleGrant): Schemas['RoleDto'] => ({
  role,
  partner: partner?.code ?? null,
  tenant: tenant?.code ?? null,
});

const staffOf = (tenants: string[]): Schemas['StaffRoleDto'][] => tenants.map((tenant) => ({ role: 'staff', tenant }));

export const registryQuery = queryOptions({
  queryKey: ['admin', 'registry'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/admin/registry', { signal })),
});

export interface AuditFilters {
  readonly partner?: string;
  readonly user?: string;
  readonly action?: AuditRecord['action'];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
}

export const auditQuery = (filters: AuditFilters) =>
  paged(['audit', filters], (page, signal) =>
    dataOf(api.GET('/api/admin/audit', { params: { query: { ...page, ...filters } }, signal })),
  );
