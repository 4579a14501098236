import { adminQuery } from '../support/database';
import { openEventStream } from '../support/event-stream';
import { startWebTestApplication, WEB_ORIGIN, type WebTestApplication } from '../support/web';

describe('the session of the web page', () => {
  let slipway: WebTestApplication;
  beforeAll(async () => {
    slipway = await startWebTestApplication();
  });
  afterAll(() => slipway.close());

  const NEW_JOB = {
    bundle: 'bundles/scores',
    schoolYear: '2026',
    files: { INPUT_FILE: 'scores.csv' },
    params: { TEST_TYPE: 'Fall' },
  };
  const STAFF = { roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] } as const;

  it('says that nobody is signed in, and how to', async () => {
    const { status, json, headers } = await slipway.nobody.request('get', '/api/session');
    expect([status, json]).toEqual([
      200,
      {
        state: 'signed_out',
        user: null,
        operator: false,
        adminOf: [],
        tenantCount: 0,
        firstTenant: null,
        issuers: [{ id: 'test', name: 'Test login' }],
        limits: { maxUploadBytes: 1_073_741_824 },
      },
    ]);
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('says who is signed in and where they belong', async () => {
    const agent = await slipway.signIn(STAFF);
    const { json } = await agent.request('get', '/api/session');
    expect(json).toMatchObject({
      state: 'signed_in',
      user: { uid: agent.user.uid, name: 'Ada Lovelace', email: 'ada@example.org', issuerName: 'Test login' },
      operator: false,
      adminOf: [],
      tenantCount: 1,
      firstTenant: { partner: { code: 'demo', name: 'Demo' }, tenant: { code: 'north', name: 'north' } },
    });
  });

  it('has every tenant for an operator, and those of the partner for its administrator', async () => {
    const operator = await slipway.signIn({ roles: [{ role: 'operator' }] });
    expect((await operator.request('get', '/api/session')).json).toMatchObject({ operator: true, adminOf: [], tenantCount: 4 });
    const administrator = await slipway.signIn({ roles: [{ role: 'partner_admin', partner: 'other' }] });
    expect((await administrator.request('get', '/api/session')).json).toMatchObject({
      adminOf: [{ code: 'other', name: 'Other' }],
      tenantCount: 2,
      firstTenant: { partner: { code: 'other' }, tenant: { code: 'east' } },
    });
  });

  it.each(['waiting', 'disabled'] as const)('shows nothing to a user who is %s', async (state) => {
    const agent = await slipway.signIn({ ...STAFF, state });
    expect((await agent.request('get', '/api/session')).json).toMatchObject({
      state: 'not_admitted',
      tenantCount: 0,
      firstTenant: null,
    });
    const { status, json } = await agent.request('get', '/api/tenants');
    expect([status, json.code]).toEqual([403, 'not_admitted']);
  });

  it('has the cookie that a browser keeps to itself, to our host and to https', async () => {
    const agent = await slipway.signIn();
    const cookie = (await agent.request('get', '/api/session')).headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-slipway-session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
  });

  it('ends after an hour without a request, and after twelve hours in any case', async () => {
    const idle = await slipway.signIn();
    await slipway.db.query(
      `UPDATE web_session SET expire = now() - interval '1 second' WHERE sess -> 'signIn' ->> 'subject' = $1`,
      [idle.user.subject],
    );
    expect((await idle.request('get', '/api/session')).json.state).toBe('signed_out');

    const HOUR = 3_600_000;
    const old = await slipway.signInAs(await slipway.makeUser(), { startedAt: Date.now() - 12 * HOUR - 1000 });
    expect((await old.request('get', '/api/session')).json.state).toBe('signed_out');
    expect(await sessionsOf(old.user.subject)).toEqual([]);

    const late = await slipway.signInAs(await slipway.makeUser(), { startedAt: Date.now() - 11.5 * HOUR });
    expect((await late.request('get', '/api/session')).json.state).toBe('signed_in');
    const [session] = await sessionsOf(late.user.subject);
    expect(session!.expire.getTime() - Date.now()).toBeLessThanOrEqual(0.5 * HOUR + 1000);
  });

  it('is lengthened by a request', async () => {
    const agent = await slipway.signIn();
    await slipway.db.query(
      `UPDATE web_session SET expire = now() + interval '1 minute' WHERE sess -> 'signIn' ->> 'subject' = $1`,
      [agent.user.subject],
    );
    await agent.request('get', '/api/session');
    const [session] = await sessionsOf(agent.user.subject);
    expect(session!.expire.getTime() - Date.now()).toBeGreaterThan(59 * 60_000);
  });

  describe('is not lengthened by what the page asks for by itself', () => {
    const UNATTENDED = { 'slipway-unattended': 'true' };
    /** Somebody whose session ends soon. */
    const idle = async () => {
      const agent = await slipway.signIn(STAFF);
      const sql = `UPDATE web_session SET expire = now() + interval '1 minute' WHERE sess -> 'signIn' ->> 'subject' = $1`;
      await slipway.db.query(sql, [agent.user.subject]);
      return agent;
    };
    const secondsLeft = async (subject: string) => ((await sessionsOf(subject))[0]!.expire.getTime() - Date.now()) / 1000;

    it('which says so', async () => {
      const agent = await idle();
      const { json, headers } = await agent.request('get', '/api/session', { headers: UNATTENDED });
      expect(json.state).toBe('signed_in');
      expect(headers.get('set-cookie')).toBeNull();
      expect(await secondsLeft(agent.user.subject)).toBeLessThanOrEqual(60);
      // But by what changes something, and by what does not say so.
      await agent.request('post', '/api/partners/demo/tenants/north/jobs', { body: {}, headers: UNATTENDED });
      expect(await secondsLeft(agent.user.subject)).toBeGreaterThan(59 * 60);
      const other = await idle();
      await other.request('get', '/api/session', { headers: { 'slipway-unattended': 'false' } });
      expect(await secondsLeft(other.user.subject)).toBeGreaterThan(59 * 60);
    });

    it('as streams are, from their beginning to their end', async () => {
      const agent = await idle();
      const jobs = '/api/partners/demo/tenants/north/jobs';
      const { uid } = (await slipway.request('post', '/v1/jobs', { body: { ...NEW_JOB, partner: 'demo', tenant: 'north' } }))
        .json;
      const stream = await openEventStream(`${slipway.url}${jobs}/${uid}/events`, { cookie: agent.cookie });
      await slipway.request('post', `/v1/jobs/${uid}/cancel`);
      await stream.ended;
      expect(await secondsLeft(agent.user.subject)).toBeLessThanOrEqual(60);
    });

    it('and ends all the same', async () => {
      const old = await slipway.signInAs(await slipway.makeUser(), { startedAt: Date.now() - 12 * 3_600_000 - 1000 });
      expect((await old.request('get', '/api/session', { headers: UNATTENDED })).json.state).toBe('signed_out');
      expect(await sessionsOf(old.user.subject)).toEqual([]);
    });
  });

  it('is not written by a request that comes soon after another', async () => {
    const agent = await slipway.signIn();
    const version = async () => {
      const sql = `SELECT xmin::text FROM web_session WHERE sess -> 'signIn' ->> 'subject' = $1`;
      return slipway.db.query(sql, [agent.user.subject]);
    };
    const before = await version();
    expect(before).toHaveLength(1);
    expect((await agent.request('get', '/api/session')).json.state).toBe('signed_in');
    expect(await version()).toEqual(before);
  });

  it('is not shortened again by an answer that began before others and ends after them, as a stream does', async () => {
    const agent = await slipway.signIn(STAFF);
    const jobs = '/api/partners/demo/tenants/north/jobs';
    const { uid } = (await agent.request('post', jobs, { body: NEW_JOB })).json;
    const stream = await openEventStream(`${slipway.url}${jobs}/${uid}/events`, { cookie: agent.cookie });
    await slipway.db.query(
      `UPDATE web_session SET expire = now() + interval '2 hours' WHERE sess -> 'signIn' ->> 'subject' = $1`,
      [agent.user.subject],
    );
    await slipway.request('post', `/v1/jobs/${uid}/cancel`);
    await stream.ended;
    const [session] = await sessionsOf(agent.user.subject);
    expect(session!.expire.getTime() - Date.now()).toBeGreaterThan(119 * 60_000);
  });

  it('is not taken from a cookie that we did not sign', async () => {
    const agent = await slipway.signIn();
    const { json } = await slipway.nobody.request('get', '/api/session', {
      headers: { cookie: agent.cookie.replace(/.$/, 'X') },
    });
    expect(json.state).toBe('signed_out');
  });

  it('is never looked at on the External API', async () => {
    const agent = await slipway.signIn({ roles: [{ role: 'operator' }] });
    const response = await agent.request('get', '/v1/jobs');
    expect([response.status, response.json.code, response.headers.get('set-cookie')]).toEqual([401, 'token_missing', null]);
  });

  it('loses a role, a right and its user as soon as the database does', async () => {
    const agent = await slipway.signIn(STAFF);
    expect((await agent.request('get', '/api/tenants')).json.items).toHaveLength(1);
    await slipway.db.query(`DELETE FROM user_role WHERE user_id = $1`, [agent.user.id]);
    expect((await agent.request('get', '/api/tenants')).json.items).toEqual([]);
    await slipway.db.query(`UPDATE app_user SET state = 'disabled' WHERE id = $1`, [agent.user.id]);
    expect((await agent.request('get', '/api/tenants')).status).toBe(403);
    await slipway.db.query(`DELETE FROM app_user WHERE id = $1`, [agent.user.id]);
    expect((await agent.request('get', '/api/tenants')).json.code).toBe('not_signed_in');
  });

  describe('lists the tenants', () => {
    const codes = (items: { partner: { code: string }; tenant: { code: string } }[]) =>
      items.map(({ partner, tenant }) => `${partner.code}/${tenant.code}`);

    it('in pages, by code', async () => {
      const operator = await slipway.signIn({ roles: [{ role: 'operator' }] });
      const first = (await operator.request('get', '/api/tenants?limit=3')).json;
      expect(codes(first.items)).toEqual(['demo/north', 'demo/south', 'other/east']);
      expect(first.hasMore).toBe(true);
      const second = (await operator.request('get', `/api/tenants?limit=3&cursor=${first.nextCursor}`)).json;
      expect([codes(second.items), second.nextCursor, second.hasMore]).toEqual([['other/north'], null, false]);
      const stranger = await slipway.signIn({ roles: [{ role: 'operator' }] });
      expect((await stranger.request('get', `/api/tenants?limit=3&cursor=${first.nextCursor}`)).json.code).toBe('invalid_cursor');
    });

    it('by what their names have in them, and as text alone', async () => {
      const operator = await slipway.signIn({ roles: [{ role: 'operator' }] });
      expect(codes((await operator.request('get', '/api/tenants?search=NORTH')).json.items)).toEqual([
        'demo/north',
        'other/north',
      ]);
      expect((await operator.request('get', '/api/tenants?search=%25')).json.items).toEqual([]);
    });

    it('with the highest role that the user has there', async () => {
      const { roles } = STAFF;
      const agent = await slipway.signIn({
        roles: [...roles, { role: 'staff', partner: 'other', tenant: 'north' }, { role: 'partner_admin', partner: 'demo' }],
      });
      expect((await agent.request('get', '/api/tenants')).json.items.map(({ role }: { role: string }) => role)).toEqual([
        'partner_admin',
        'partner_admin',
        'staff',
      ]);
    });
  });

  it.each([
    ['another site', { origin: 'https://evil.test' }],
    ['nowhere that is told', { origin: '' }],
    ['the same site, but another origin', { origin: 'http://slipway.test' }],
  ])('is not there for a POST that comes from %s', async (_, headers) => {
    const agent = await slipway.signIn();
    for (const path of ['/api/auth/logout', '/API/auth/logout', '/api/none']) {
      const { status, json } = await agent.request('post', path, { headers });
      expect([path, status, json.code]).toEqual([path, 403, 'cross_origin_request']);
    }
    expect(await sessionsOf(agent.user.subject)).toHaveLength(1);
  });

  it('takes a POST from our own page', async () => {
    const { json } = await slipway.nobody.request('post', '/api/none', { headers: { origin: WEB_ORIGIN } });
    expect(json.code).toBe('route_not_found');
  });

  const sessionsOf = (subject: string): Promise<{ expire: Date }[]> =>
    slipway.db.query(`SELECT expire FROM web_session WHERE sess -> 'signIn' ->> 'subject' = $1`, [subject]);
});

describe('without a login issuer', () => {
  it('the web page has no API, and the External API works', async () => {
    const slipway = await startWebTestApplication({ env: { WEB_LOGIN_ISSUERS: '', WEB_BASE_URL: '', SESSION_SECRETS: '' } });
    try {
      for (const path of ['/api/session', '/api/tenants', '/api/none'])
        expect([path, (await slipway.nobody.request('get', path)).json.code]).toEqual([path, 'login_disabled']);
      expect((await slipway.request('get', '/v1/jobs?partner=demo')).status).toBe(200);
    } finally {
      await slipway.close();
    }
  });
});

describe('when the database goes away', () => {
  it('the web API answers 503, also while it looks for the session, and knows who is signed in when it is back', async () => {
    const slipway = await startWebTestApplication();
    const agent = await slipway.signIn({ roles: [{ role: 'operator' }] });
    const name = new URL(slipway.config.database.url).pathname.slice(1);
    try {
      await adminQuery(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
      await adminQuery(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      for (const [method, path] of [
        ['get', '/api/session'],
        ['get', '/api/admin/audit'],
        ['post', '/api/auth/logout'],
      ] as const) {
        const away = await agent.request(method, path);
        expect([path, away.status, away.json.code]).toEqual([path, 503, 'database_unavailable']);
        expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
      }
      await adminQuery(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
      expect((await agent.request('get', '/api/session')).json.state).toBe('signed_in');
    } finally {
      await adminQuery(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
      await slipway.close();
    }
  });
});
