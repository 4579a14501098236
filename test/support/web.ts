import { createHmac, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { UserState } from '../../src/tenancy/entities/app-user.entity';
import type { Role } from '../../src/tenancy/entities/user-role.entity';
import type { SignIn } from '../../src/web/auth/web-sessions';
import {
  startTestApplication,
  type Method,
  type RequestOptions,
  type TestApplication,
  type TestApplicationOptions,
  type TestResponse,
} from './application';

/** Where browsers would reach the application; what they send as `Origin`. */
export const WEB_ORIGIN = 'https://slipway.test';
export const SESSION_COOKIE = '__Host-slipway-session';
const SESSION_SECRET = 'a session secret of at least 32 characters';
const ISSUER = 'https://login.test';

export interface RoleOptions {
  readonly role: Role;
  readonly partner?: string;
  readonly tenant?: string;
}

export interface UserOptions {
  readonly name?: string;
  readonly email?: string | null;
  readonly issuer?: string;
  readonly subject?: string;
  readonly state?: UserState;
  readonly roles?: readonly RoleOptions[];
}

export interface UserRow {
  readonly id: string;
  readonly uid: string;
  readonly issuer: string;
  readonly subject: string;
}

/** A browser of somebody, or of nobody: sends its cookie, and `Origin` as a page of ours does. */
export interface WebAgent {
  request(method: Method, path: string, options?: Omit<RequestOptions, 'token'>): Promise<TestResponse>;
}

export interface SignedInAgent extends WebAgent {
  readonly user: UserRow;
  /** The `Cookie` header's value. */
  readonly cookie: string;
}

export interface WebTestApplication extends TestApplication {
  /** Nobody's browser. */
  readonly nobody: WebAgent;
  makeUser(options?: UserOptions): Promise<UserRow>;
  /** A browser in which a user, an admitted one unless said otherwise, is signed in. */
  signIn(options?: UserOptions): Promise<SignedInAgent>;
  /** The same for a user that there is. */
  signInAs(user: UserRow, changes?: Partial<SignIn>): Promise<SignedInAgent>;
}

/** The application of `startTestApplication` with a login issuer that is never asked: sessions are put into the database. */
export async function startWebTestApplication(options: TestApplicationOptions = {}): Promise<WebTestApplication> {
  const issuers = [{ id: 'test', name: 'Test login', issuer: ISSUER, clientId: 'slipway', clientSecret: 'secret' }];
  const slipway = await startTestApplication({
    ...options,
    env: {
      WEB_BASE_URL: WEB_ORIGIN,
      WEB_LOGIN_ISSUERS: JSON.stringify(issuers),
      SESSION_SECRETS: SESSION_SECRET,
      ...options.env,
    },
  });
  const agentWith = (cookie?: string): WebAgent => ({
    request: (method, path, { headers, ...rest } = {}) =>
      slipway.request(method, path, {
        ...rest,
        token: null,
        headers: { origin: WEB_ORIGIN, ...(cookie === undefined ? {} : { cookie }), ...headers },
      }),
  });
  const signInAs: WebTestApplication['signInAs'] = async (user, changes) => {
    const cookie = `${SESSION_COOKIE}=${await makeSession(slipway.db, user, changes)}`;
    return { ...agentWith(cookie), user, cookie };
  };
  const makeUser: WebTestApplication['makeUser'] = (user) => makeWebUser(slipway.db, user);
  return {
    ...slipway,
    nobody: agentWith(),
    makeUser,
    signInAs,
    signIn: async (user) => signInAs(await makeUser(user)),
  };
}

/** A user with roles at partners and tenants that there are. */
export async function makeWebUser(db: DataSource, options: UserOptions = {}): Promise<UserRow> {
  const { name = 'Ada Lovelace', email = 'ada@example.org', state = 'admitted', roles = [] } = options;
  const { issuer = ISSUER, subject = `user-${randomBytes(4).toString('hex')}` } = options;
  const [{ id, uid }] = await db.query(
    `INSERT INTO app_user (uid, issuer, subject, name, email, state) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id, uid`,
    [uuidv7(), issuer, subject, name, email, state],
  );
  for (const { role, partner = null, tenant = null } of roles)
    await db.query(
      `INSERT INTO user_role (user_id, role, partner_id, tenant_id)
       SELECT $1, $2, p.id, t.id FROM (SELECT 1) AS one
         LEFT JOIN partner p ON p.code = $3 LEFT JOIN tenant t ON t.partner_id = p.id AND t.code = $4`,
      [id, role, partner, tenant],
    );
  return { id, uid, issuer, subject };
}

/** A session as the product keeps one. @returns the cookie's value. */
async function makeSession(db: DataSource, { id, issuer, subject }: UserRow, changes: Partial<SignIn> = {}): Promise<string> {
  const sid = randomBytes(24).toString('base64url');
  const signIn = { userId: id, issuer, subject, sid: null, idToken: null, startedAt: Date.now(), ...changes };
  await db.query(`INSERT INTO web_session (sid, sess, expire) VALUES ($1, $2, now() + interval '1 hour')`, [
    sid,
    { cookie: { originalMaxAge: 3_600_000, httpOnly: true, secure: true, sameSite: 'lax', path: '/' }, signIn },
  ]);
  // As express-session signs it.
  const signature = createHmac('sha256', SESSION_SECRET).update(sid).digest('base64').replace(/=+$/, '');
  return encodeURIComponent(`s:${sid}.${signature}`);
}
