import { Problem } from '../platform/problem/problem';
import type {
  DeleteOdsConnectionResult,
  ListOdsConnectionsResult,
  RevealOdsConnectionResult,
  SaveOdsConnectionResult,
} from './ods-connections.service';
import type {
  CreatePartnerResult,
  EnableBundlesResult,
  EnabledBundlesResult,
  GetPartnerResult,
  ListPartnersResult,
  RenamePartnerResult,
} from './partners.service';
import type { RoleFault } from './roles';
import type { ChangeTenantResult, CreateTenantResult, GetTenantResult } from './tenants.service';
import type { AddUserResult, GetUserResult, SetUserRolesResult, SetUserStateResult } from './users.service';

type Result =
  | ListPartnersResult
  | GetPartnerResult
  | CreatePartnerResult
  | RenamePartnerResult
  | EnabledBundlesResult
  | EnableBundlesResult
  | GetTenantResult
  | CreateTenantResult
  | ChangeTenantResult
  | GetUserResult
  | AddUserResult
  | SetUserStateResult
  | SetUserRolesResult
  | ListOdsConnectionsResult
  | SaveOdsConnectionResult
  | DeleteOdsConnectionResult
  | RevealOdsConnectionResult;
type Success = 'found' | 'saved' | 'deleted';

/** The outcomes that are no success, as problems. Partner, tenant and school year are always named by the path. */
export function administrationProblem(result: Exclude<Result, { kind: Success }>): Problem {
  switch (result.kind) {
    case 'role_missing':
      return new Problem(result.kind, 'This is for those who administer a partner.');
    case 'partner_not_found':
      return partnerNotFound();
    case 'tenant_not_found':
      return tenantNotFound();
    case 'user_not_found':
      return userNotFound();
    case 'ods_connection_not_found':
      return odsConnectionNotFound();
    case 'school_year_not_enabled':
      return schoolYearNotEnabled();
    case 'precondition_failed':
      return changedMeanwhile(result.editor);
    case 'code_taken':
      return inBody(result.kind, '/code', 'There is one with this code already.');
    case 'last_operator':
      return new Problem(result.kind, 'This user is the last operator. Make somebody else one first.');
    case 'user_disabled':
      return new Problem(result.kind, 'This user has been disabled. An operator can admit them again.');
    case 'rejected':
      return rolesProblem(result.faults);
    case 'ods_url_not_allowed':
      return inBody(result.kind, '/baseUrl', result.reason);
    case 'ods_credentials_needed':
      return inBody(result.kind, '/secret', 'A new connection, or another base URL, needs the key and the secret.');
    case 'ods_credentials_unreadable':
      return new Problem(result.kind, 'The key and the secret that are stored can no longer be decrypted. Save them again.');
    default:
      return result satisfies never;
  }
}

/** @param editor the name of who changed it last; null: not known, or not for this user. */
export function changedMeanwhile(editor: string | null): Problem {
  const known = editor === null ? '' : ` The last change on record is by ${editor}.`;
  return new Problem('precondition_failed', `Nothing was saved, since it is no longer as it was read.${known}`);
}
export const partnerNotFound = (): Problem =>
  new Problem('partner_not_found', 'There is no such partner that this user may reach.', { inPath: true });
export const tenantNotFound = (): Problem =>
  new Problem('tenant_not_found', 'There is no such tenant that this user may reach.', { inPath: true });
/** One and the same for a user that there is not, one of other partners, and a uid that is none. */
export const userNotFound = (): Problem => new Problem('user_not_found', 'There is no such user that this user may reach.');
export const odsConnectionNotFound = (): Problem =>
  new Problem('ods_connection_not_found', 'The tenant has no connection for this school year.');
export const schoolYearNotEnabled = (): Problem =>
  new Problem('school_year_not_enabled', 'This school year is not enabled for the tenant. Enable it first.', { inPath: true });

const inBody = (code: Problem['code'], pointer: string, detail: string): Problem =>
  new Problem(code, `${pointer}: ${detail}`, { errors: [{ pointer, code, detail }] });

function rolesProblem(faults: readonly RoleFault[]): Problem {
  const errors = faults.map(({ index, code }) => {
    const field = code === 'partner_not_found' ? 'partner' : 'tenant';
    return { pointer: `/roles/${index}/${field}`, code, detail: `There is no such ${field}.` };
  });
  const [first] = errors;
  if (!first) throw new Error('roles were rejected for no reason');
  const detail =
    errors.length === 1 ? `${first.pointer}: ${first.detail}` : `The roles have ${errors.length} faults; see errors.`;
  return new Problem(first.code, detail, { errors });
}
