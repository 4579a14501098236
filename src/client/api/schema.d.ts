/** What the page asks of the web API. */
interface Page<T> {
  items: T[];
  nextCursor: string | null;
  hasMore: boolean;
}

type Named = { code: string; name: string };

type Operation<Path, Query, Body, Answer> = {
  parameters: ([Path] extends [never] ? { path?: never } : { path: Path }) & { query?: Query; header?: never; cookie?: never };
  responses: { 200: { content: { 'application/json': Answer } }; default: { content: { 'application/problem+json': unknown } } };
} & ([Body] extends [never] ? { requestBody?: never } : { requestBody: { content: { 'application/json': Body } } });
type Get<Path, Answer, Query = never> = {
  get: Operation<Path, Query, never, Answer>;
};
type Post<Path, Body, Answer> = { post: Operation<Path, never, Body, Answer> };
type Put<Path, Body, Answer> = { put: Operation<Path, never, Body, Answer> };
type Patch<Path, Body, Answer> = { patch: Operation<Path, never, Body, Answer> };
type Delete<Path> = { delete: Operation<Path, never, never, undefined> };

type Tenant = { partner: string; tenant: string };
type Job = Tenant & { uid: string };
type JobFile = Job & { file: string };

export interface components {
  schemas: {
    SessionDto: {
      state: 'signed_out' | 'not_admitted' | 'signed_in';
      user: { uid: string; name: string; email: string | null; issuerName: string } | null;
      operator: boolean;
      adminOf: Named[];
      tenantCount: number;
      firstTenant: { partner: Named; tenant: Named } | null;
      issuers: { id: string; name: string }[];
      limits: { maxUploadBytes: number };
    };
    ReachableTenantDto: { partner: Named; tenant: Named; role: 'operator' | 'partner_admin' | 'staff' };
    TenantDto: {
      partner: Named;
      tenant: Named;
      schoolYears: string[];
      role: 'operator' | 'partner_admin' | 'staff';
      canAdminister: boolean;
    };
    RunErrorDto: { code: string; title: string; detail: string; file: string | null; line: number | null };
    RunProgressDto: {
      stage: 'fetching' | 'transforming' | 'storing' | 'done';
      rowsRead: number;
      rowsWritten: number;
      percent: number | null;
      node: string | null;
      files: { inputs: Record<string, number>; outputs: Record<string, number> };
      warnings: { detail: string; file: string | null; line: number | null; node: string | null; operation: string | null }[];
      warningCount: number;
    };
    WebJobSummaryDto: {
      uid: string;
      status: 'created' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';
      origin: 'api' | 'web';
      submittedBy: string | null;
      bundle: string;
      bundleName: string;
      bundleVersion: string;
      schoolYear: string;
      fileNames: string[];
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
      expiresAt: string;
      progress: components['schemas']['RunProgressDto'] | null;
      error: components['schemas']['RunErrorDto'] | null;
      resolvedAt: string | null;
      resolvedBy: string | null;
    };
    JobNoteDto: {
      uid: string;
      text: string;
      author: { uid: string; name: string };
      mine: boolean;
      createdAt: string;
      editedAt: string | null;
    };
    WebJobDto: components['schemas']['WebJobSummaryDto'] & {
      files: Record<string, { name: string; size: number | null; sha256: string | null; removedAt: string | null }>;
      params: Record<string, string>;
      runs: {
        number: number;
        status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
        attempts: number;
        startedAt: string | null;
        finishedAt: string | null;
        error: components['schemas']['RunErrorDto'] | null;
      }[];
      outputs: {
        uid: string;
        createdAt: string;
        removedAt: string | null;
        files: { name: string; size: number; records: number | null }[];
      } | null;
      result: {
        inputs: { file: string; rows: number }[];
        outputs: { resource: string; records: number }[];
        skipped: { reason: string; rows: number }[];
      } | null;
      notes: components['schemas']['JobNoteDto'][];
      can: { start: boolean; cancel: boolean; retry: boolean; resolve: boolean; reopen: boolean; renewUploads: boolean };
    };
    JobEventDto: { uid: string; type: string; at: string; data: Record<string, unknown> };
    UploadDto: { method: string; url: string; headers: Record<string, string>; expiresAt: string };
    CreateWebJobDto: {
      bundle: string;
      schoolYear: string;
      files: Record<string, string | { name: string; size?: number; sha256?: string }>;
      params?: Record<string, string>;
    };
    WebJobCreatedDto: {
      uid: string;
      status: string;
      uploads: Record<string, components['schemas']['UploadDto']>;
      expiresAt: string;
    };
    DownloadLinksDto: { downloadLinks: Record<string, string>; expiresAt: string };
    BundleFileDto: { envVar: string; displayName: string | null; required: boolean; fileTypes: string[] };
    BundleParamDto: {
      envVar: string;
      displayName: string | null;
      required: boolean;
      allowedValues: string[] | null;
      default: string | null;
    };
    WebBundleDto: {
      path: string;
      displayName: string;
      description: string | null;
      version: string;
      files: components['schemas']['BundleFileDto'][];
      params: components['schemas']['BundleParamDto'][];
    };
    WebBundleDetailDto: components['schemas']['WebBundleDto'] & {
      readme: string | null;
      columns: Record<string, { required: string[]; optional: string[] }>;
      lastSettings: { schoolYear: string; params: Record<string, string> } | null;
    };
    AdminPartnerDto: { code: string; name: string; tenants: number; createdAt: string };
    AdminTenantDto: { code: string; name: string; schoolYears: string[]; createdAt: string };
    PartnerBundleDto: { path: string; displayName: string | null; version: string | null; enabled: boolean };
    ApiClientDto: {
      clientId: string;
      name: string | null;
      issuer: string;
      firstJobAt: string;
      lastJobAt: string;
      jobs: number;
      moreJobs: boolean;
    };
    NamedDto: Named;
    UserRoleDto: { role: 'operator' | 'partner_admin' | 'staff'; partner: Named | null; tenant: Named | null };
    AdminUserDto: {
      uid: string;
      issuer: string;
      subject: string;
      name: string;
      email: string | null;
      state: 'waiting' | 'admitted' | 'disabled';
      lastSignInAt: string | null;
      createdAt: string;
      roles: components['schemas']['UserRoleDto'][];
    };
    RoleDto: { role: 'operator' | 'partner_admin' | 'staff'; partner?: string | null; tenant?: string | null };
    StaffRoleDto: { role: 'staff'; tenant: string };
    AddUserDto: {
      issuer: string;
      subject: string;
      name: string;
      email?: string | null;
      roles: components['schemas']['RoleDto'][];
    };
    AddStaffDto: {
      issuer: string;
      subject: string;
      name: string;
      email?: string | null;
      roles: components['schemas']['StaffRoleDto'][];
    };
    OdsConnectionDto: { schoolYear: string; baseUrl: string; hasSecret: boolean; createdAt: string; updatedAt: string };
    SaveOdsConnectionDto: { baseUrl: string; key?: string | null; secret?: string | null };
    OdsCheckDto: {
      ok: boolean;
      apiVersion: string | null;
      dataModels: { name: string; version: string }[];
      steps: {
        step: 'base_url_reached' | 'discovery_read' | 'token_obtained' | 'school_year_served';
        ok: boolean;
        detail: string;
      }[];
    };
    RegistryDto: {
      source: string;
      status: 'loading' | 'ready' | 'stale' | 'unavailable';
      version: string | null;
      bundles: number;
      lastRefreshAt: string | null;
      lastSuccessAt: string | null;
      problems: string[];
    };
    AuditUserDto: { uid: string; name: string };
    AuditRecordDto: {
      uid: string;
      at: string;
      user: components['schemas']['AuditUserDto'];
      action:
        | 'partner.created'
        | 'partner.renamed'
        | 'partner.bundles_changed'
        | 'tenant.created'
        | 'tenant.renamed'
        | 'tenant.school_years_changed'
        | 'user.added'
        | 'user.state_changed'
        | 'user.roles_changed'
        | 'ods_connection.created'
        | 'ods_connection.changed'
        | 'ods_connection.deleted';
      subject: {
        partner: string | null;
        tenant: string | null;
        schoolYear: string | null;
        user: components['schemas']['AuditUserDto'] | null;
      };
      before: Record<string, unknown> | null;
      after: Record<string, unknown> | null;
    };
  };
}

type S = components['schemas'];
type JobPath = '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}';

export interface paths {
  '/api/session': Get<never, S['SessionDto']>;
  '/api/tenants': Get<never, Page<S['ReachableTenantDto']>, { search?: string; limit?: number; cursor?: string }>;
  '/api/auth/logout': Post<never, never, { url: string }>;
  '/api/partners/{partner}/tenants/{tenant}': Get<Tenant, S['TenantDto']>;
  '/api/partners/{partner}/tenants/{tenant}/jobs': Get<
    Tenant,
    Page<S['WebJobSummaryDto']>,
    {
      status?: string;
      bundle?: string;
      schoolYear?: string;
      origin?: 'api' | 'web';
      resolved?: boolean;
      createdAfter?: string;
      createdBefore?: string;
      search?: string;
      sort?: string;
      limit?: number;
      cursor?: string;
    }
  > &
    Post<Tenant, S['CreateWebJobDto'], S['WebJobCreatedDto']>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/statistics': Get<
    Tenant,
    { days: { date: string; submitted: number; succeeded: number; failed: number }[] },
    { days?: number; timeZone?: string }
  >;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}': Get<Job, S['WebJobDto']>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/upload-urls': Post<
    Job,
    never,
    { uploads: Record<string, S['UploadDto']>; expiresAt: string }
  >;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/uploads/{file}/multipart': Post<
    JobFile,
    never,
    { uploadId: string; partSize: number }
  >;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/uploads/{file}/multipart/{uploadId}/parts': Post<
    JobFile & { uploadId: string },
    { numbers: number[] },
    { urls: Record<string, string> }
  > &
    Get<JobFile & { uploadId: string }, { parts: { number: number; size: number; etag: string }[] }>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/uploads/{file}/multipart/{uploadId}/complete': Post<
    JobFile & { uploadId: string },
    never,
    undefined
  >;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/start': Post<Job, never, { uid: string; status: string }>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/cancel': Post<Job, never, { uid: string; status: string }>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/retry': Post<Job, never, { uid: string; status: string }>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/resolve': Post<Job, never, unknown>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/reopen': Post<Job, never, unknown>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/input-links': Post<Job, never, S['DownloadLinksDto']>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/output-links': Post<Job, never, S['DownloadLinksDto']>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/notes': Post<Job, { text: string }, S['JobNoteDto']>;
  '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/notes/{noteUid}': Patch<
    Job & { noteUid: string },
    { text: string },
    S['JobNoteDto']
  > &
    Delete<Job & { noteUid: string }>;
  '/api/partners/{partner}/tenants/{tenant}/bundles': Get<
    Tenant,
    Page<S['WebBundleDto']>,
    { search?: string; limit?: number; cursor?: string }
  >;
  '/api/partners/{partner}/tenants/{tenant}/bundles/{path}': Get<Tenant & { path: string }, S['WebBundleDetailDto']>;
  '/api/admin/partners': Get<never, Page<S['AdminPartnerDto']>, AdminList> & Post<never, Named, S['AdminPartnerDto']>;
  '/api/admin/partners/{partner}': Get<{ partner: string }, S['AdminPartnerDto']> &
    Patch<{ partner: string }, { name: string }, S['AdminPartnerDto']>;
  '/api/admin/partners/{partner}/tenants': Get<{ partner: string }, Page<S['AdminTenantDto']>, AdminList> &
    Post<{ partner: string }, Named, S['AdminTenantDto']>;
  '/api/admin/partners/{partner}/tenants/{tenant}': Patch<Tenant, { name: string }, S['AdminTenantDto']>;
  '/api/admin/partners/{partner}/tenants/{tenant}/school-years': Put<Tenant, { schoolYears: string[] }, S['AdminTenantDto']>;
  '/api/admin/partners/{partner}/bundles': Get<{ partner: string }, { items: S['PartnerBundleDto'][] }> &
    Put<{ partner: string }, { bundles: string[] }, { items: S['PartnerBundleDto'][] }>;
  '/api/admin/partners/{partner}/api-clients': Get<{ partner: string }, Page<S['ApiClientDto']>, AdminList>;
  '/api/admin/partners/{partner}/users': Get<{ partner: string }, Page<S['AdminUserDto']>, UserList> &
    Post<{ partner: string }, S['AddStaffDto'], S['AdminUserDto']>;
  '/api/admin/partners/{partner}/users/{uid}/roles': Put<
    { partner: string; uid: string },
    { roles: S['StaffRoleDto'][] },
    S['AdminUserDto']
  >;
  '/api/admin/users': Get<never, Page<S['AdminUserDto']>, UserList> & Post<never, S['AddUserDto'], S['AdminUserDto']>;
  '/api/admin/users/{uid}': Patch<{ uid: string }, { state: 'admitted' | 'disabled' }, S['AdminUserDto']>;
  '/api/admin/users/{uid}/roles': Put<{ uid: string }, { roles: S['RoleDto'][] }, S['AdminUserDto']>;
  '/api/admin/partners/{partner}/tenants/{tenant}/ods-connections': Get<Tenant, { items: S['OdsConnectionDto'][] }>;
  '/api/admin/partners/{partner}/tenants/{tenant}/ods-connections/{schoolYear}': Put<
    Tenant & { schoolYear: string },
    S['SaveOdsConnectionDto'],
    S['OdsConnectionDto']
  > &
    Delete<Tenant & { schoolYear: string }>;
  '/api/admin/partners/{partner}/tenants/{tenant}/ods-connections/{schoolYear}/test': Post<
    Tenant & { schoolYear: string },
    never,
    S['OdsCheckDto']
  >;
  '/api/admin/registry': Get<never, S['RegistryDto']>;
  '/api/admin/audit': Get<
    never,
    Page<S['AuditRecordDto']>,
    AdminList & {
      partner?: string;
      user?: string;
      action?: S['AuditRecordDto']['action'];
      createdAfter?: string;
      createdBefore?: string;
    }
  >;
}

type AdminList = { search?: string; limit?: number; cursor?: string };
type UserList = AdminList & { state?: S['AdminUserDto']['state'] };
