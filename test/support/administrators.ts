import type { Json } from './application';
import type { SignedInAgent, WebTestApplication } from './web';

/** Somebody of each role, and the administrator of another partner. */
export interface Administrators {
  readonly operator: SignedInAgent;
  /** Of the partner `demo`. */
  readonly admin: SignedInAgent;
  /** Of its tenant `north`. */
  readonly staff: SignedInAgent;
  /** The administrator of the partner `other`. */
  readonly stranger: SignedInAgent;
}

export async function signInAdministrators(slipway: WebTestApplication): Promise<Administrators> {
  const [operator, admin, staff, stranger] = await Promise.all([
    slipway.signIn({ name: 'Olga Operator', roles: [{ role: 'operator' }] }),
    slipway.signIn({ name: 'Paula Partner', roles: [{ role: 'partner_admin', partner: 'demo' }] }),
    slipway.signIn({ name: 'Stan Staff', roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] }),
    slipway.signIn({ name: 'Otto Other', roles: [{ role: 'partner_admin', partner: 'other' }] }),
  ]);
  return {
    operator: overwriting(operator),
    admin: overwriting(admin),
    staff: overwriting(staff),
    stranger: overwriting(stranger),
  };
}

/** Changes whatever there is, where a request has no precondition of its own. */
export const overwriting = (agent: SignedInAgent): SignedInAgent => ({
  ...agent,
  request: (method, path, options = {}) =>
    agent.request(method, path, {
      ...options,
      headers: options.headers ?? (['put', 'patch'].includes(method) ? { 'if-match': '*' } : {}),
    }),
});

/** The newest audit records, newest first, without what differs from run to run. */
export async function auditOf({ operator }: Administrators, query = ''): Promise<Json[]> {
  const { json } = await operator.request('get', `/api/admin/audit?limit=200${query}`);
  return json.items.map(({ uid: _uid, at: _at, ...record }: Json) => record);
}
