import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication, Type } from '@nestjs/common';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { v7 as uuidv7 } from 'uuid';
import { webAccessOf, type WebAccess } from '../../src/web/auth/web-access.guard';
import { routePolicyOf } from '../../src/platform/http/route-policy';
import { WEB_OPERATIONS } from '../support/api-document';
import type { Method } from '../support/application';
import { startWebTestApplication, type SignedInAgent, type WebAgent, type WebTestApplication } from '../support/web';

interface Route {
  readonly method: Method;
  /** With its parameters behind colons. */
  readonly path: string;
  /** Who may come in; null: everybody. */
  readonly access: WebAccess | null;
}

/** Who is not in this list needs nobody to be signed in: what signing in itself is made of. */
const PUBLIC = [
  'get /api/session',
  'get /api/auth/login',
  'get /api/auth/callback',
  'post /api/auth/logout',
  'post /api/auth/backchannel-logout',
];

function findRoutes(app: INestApplication): Route[] {
  const scanner = new MetadataScanner();
  const pathsOf = (target: object): string[] =>
    [(Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined) ?? []].flat();
  const routes = new DiscoveryService(app.get(ModulesContainer)).getControllers().flatMap(({ instance, metatype }) =>
    scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object).flatMap((name) => {
      const handler = (instance as Record<string, object>)[name] as object;
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]?.toLowerCase() as Method;
      const access = routePolicyOf(handler) === 'public' ? null : (webAccessOf(handler) ?? 'admitted');
      return pathsOf(metatype as Type).flatMap((prefix) =>
        pathsOf(handler).map((part) => ({
          method,
          path: `/${prefix}/${part}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'),
          access,
        })),
      );
    }),
  );
  return routes.filter(({ path }) => /^\/api(\/|$)/i.test(path));
}

/**
 * Every route of the web page's API as those who have no business there. The routes are found, not listed, so a new one is walked
 * as well; what it needs is in its own decorator, and whether that fits its path is asked here, too.
 */
describe('every route of the web API', () => {
  let slipway: WebTestApplication;
  let routes: Route[];
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    routes = findRoutes(slipway.app);
  });
  afterAll(() => slipway.close());

  const guarded = () => routes.filter(({ access }) => access !== null);
  /** @param named values of parameters that a test is about; the others are of nothing that there is. */
  const at = (path: string, partner = 'demo', tenant = 'north', named: Readonly<Record<string, string>> = {}): string =>
    Object.entries(named)
      .reduce((filled, [name, value]) => filled.replace(`:${name}`, value), path)
      .replace(':partner', partner)
      .replace(':tenant', tenant)
      .replace(/\*\w+/, 'bundles/scores')
      .replace(':schoolYear', '2026')
      .replace(/:\w+/g, uuidv7());
  /** What changes nothing where it should be refused, and is wrong in itself where it should not. */
  const bodyOf = (method: Method) => (['post', 'put', 'patch'].includes(method) ? { body: {} } : {});
  const ask = async (agent: WebAgent, { method, path }: Route, ...where: [partner?: string, tenant?: string]) => {
    const { status, text } = await agent.request(method, at(path, ...where), bodyOf(method));
    const code = text.startsWith('{') ? ((JSON.parse(text) as { code?: string }).code ?? null) : null;
    return { status, code, text };
  };
  const walk = async (agent: WebAgent, chosen: readonly Route[], ...where: [partner?: string, tenant?: string]) => {
    const answers: string[] = [];
    for (const route of chosen) {
      const { status, code } = await ask(agent, route, ...where);
      answers.push(`${route.method} ${route.path}: ${status} ${code}`);
    }
    return answers;
  };
  const all = (chosen: readonly Route[], answer: string) => chosen.map(({ method, path }) => `${method} ${path}: ${answer}`);
  const withAccess = (...accesses: WebAccess[]) => guarded().filter(({ access }) => accesses.includes(access!));

  it('is found, and is in the document', () => {
    const document = JSON.parse(readFileSync(join(__dirname, '../contract/web-api.openapi.json'), 'utf8')) as {
      paths: Record<string, object>;
    };
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    const found = routes.map(({ method, path }) => `${method} ${path.replace(/[:*](\w+)/g, '{$1}')}`);
    expect(found.sort()).toEqual(documented.sort());
  });

  it('is closed, but for what signing in is made of', () => {
    const open = routes.filter(({ access }) => access === null).map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([...PUBLIC].sort());
  });

  it('asks for the tenant or partner that its path names', () => {
    for (const { method, path, access } of guarded()) {
      if (/^\/api\/partners\/:partner\/tenants\/:tenant/.test(path))
        expect([method, path, access]).toEqual([method, path, 'tenant']);
      else if (path.includes(':partner'))
        expect([method, path, ['partner_admin', 'operator']]).toEqual([method, path, expect.arrayContaining([access])]);
    }
  });

  it('is closed to nobody, with a challenge that opens no window for a password', async () => {
    expect(await walk(slipway.nobody, guarded())).toEqual(all(guarded(), '401 not_signed_in'));
    const { headers } = await slipway.nobody.request('get', '/api/tenants');
    expect(headers.get('www-authenticate')).toBe('Session realm="slipway"');
  });

  it('takes no odd value in its query for a fault of ours', async () => {
    const agent = await slipway.signIn({ roles: [{ role: 'operator' }] });
    const odd = (name: string) => ['%00', '%ED%A0%80', "'%25", 'x'.repeat(2_000), `a&${name}=b`];
    for (const { method, path, parameters } of WEB_OPERATIONS.filter(({ responses }) => '401' in responses))
      for (const { name } of parameters.filter((parameter) => parameter.in === 'query')) {
        const queries = odd(name).map((value) => `${at(path.replace(/\{(\w+)\}/g, ':$1'))}?${name}=${value}`);
        const answers = await Promise.all(queries.map((query) => agent.request(method as Method, query)));
        for (const [index, { status }] of answers.entries())
          expect([queries[index], [200, 400]]).toEqual([queries[index], expect.arrayContaining([status])]);
      }
  });

  it.each(['waiting', 'disabled'] as const)('is closed to a user who is %s, whatever their roles', async (state) => {
    const agent = await slipway.signIn({ state, roles: [{ role: 'operator' }] });
    expect(await walk(agent, guarded())).toEqual(all(guarded(), '403 not_admitted'));
  });

  it('takes nothing that a page of another site sends', async () => {
    const agent = await slipway.signIn({ roles: [{ role: 'operator' }] });
    for (const { method, path } of routes.filter(
      (route) => route.method !== 'get' && !route.path.endsWith('/backchannel-logout'),
    )) {
      const { status, json } = await agent.request(method, at(path), {
        ...bodyOf(method),
        headers: { origin: 'https://evil.test' },
      });
      expect([method, path, status, json.code]).toEqual([method, path, 403, 'cross_origin_request']);
    }
  });

  describe('of a tenant', () => {
    const strangers: [string, () => Promise<SignedInAgent>][] = [
      ['a user without a role', () => slipway.signIn()],
      [
        "the staff of the partner's other tenant",
        () => slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'south' }] }),
      ],
      [
        "another partner's staff, of a tenant of the same code",
        () => slipway.signIn({ roles: [{ role: 'staff', partner: 'other', tenant: 'north' }] }),
      ],
      ["another partner's administrator", () => slipway.signIn({ roles: [{ role: 'partner_admin', partner: 'other' }] })],
    ];

    it.each(strangers)('is to %s as one that there is not', async (_, signIn) => {
      const agent = await signIn();
      const chosen = withAccess('tenant');
      const before = await slipway.rowCounts();
      expect(await walk(agent, chosen)).toEqual(all(chosen, '404 tenant_not_found'));
      for (const route of chosen) {
        const [real, none] = [await ask(agent, route), await ask(agent, route, 'nothing', 'none')];
        const anonymous = (text: string) => text.replace(/"requestId":"[^"]+"/, '');
        expect([route.method, route.path, anonymous(real.text)]).toEqual([route.method, route.path, anonymous(none.text)]);
      }
      expect(await slipway.rowCounts()).toEqual(before);
    });

    it('has no job of another tenant, whoever asks for it, and changes none', async () => {
      const operator = await slipway.signIn({ roles: [{ role: 'operator' }] });
      const south = '/api/partners/demo/tenants/south/jobs';
      const files = { INPUT_FILE: { name: 'scores.csv', size: 5 } };
      const job = { bundle: 'bundles/scores', schoolYear: '2026', files, params: { TEST_TYPE: 'Fall' } };
      const { uid } = (await operator.request('post', south, { body: job })).json;
      const noteUid = (await operator.request('post', `${south}/${uid}/notes`, { body: { text: 'x' } })).json.uid;
      const { uploadId } = (await operator.request('post', `${south}/${uid}/uploads/INPUT_FILE/multipart`)).json;
      const named = { uid, noteUid, uploadId, file: 'INPUT_FILE' };
      // A route that needs more than these is refused for its body, which fails the test, too.
      const bodyOfRoute = ({ method, path }: Route) =>
        /notes/.test(path) ? { text: 'y' } : /\/parts$/.test(path) ? { numbers: [1] } : method === 'get' ? undefined : {};

      const chosen = withAccess('tenant').filter(({ path }) => path.includes(':uid'));
      expect(chosen.length).toBeGreaterThan(10);
      const before = [await slipway.rowCounts(), (await operator.request('get', `${south}/${uid}`)).json];
      for (const [partner, tenant] of [
        ['demo', 'north'],
        ['other', 'north'],
      ] as const)
        for (const route of chosen) {
          const body = route.method === 'delete' ? undefined : bodyOfRoute(route);
          const { status, json } = await operator.request(route.method, at(route.path, partner, tenant, named), { body });
          expect([route.method, route.path, status, json.code]).toEqual([route.method, route.path, 404, 'job_not_found']);
        }
      expect([await slipway.rowCounts(), (await operator.request('get', `${south}/${uid}`)).json]).toEqual(before);
    });

    it('is open to its own staff, and to nobody by a code that only looks like it', async () => {
      const agent = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
      const chosen = withAccess('tenant');
      for (const route of chosen.filter(({ method }) => method !== 'get')) {
        const { status, code } = await ask(agent, route);
        expect([route.method, route.path, status, code]).not.toEqual([route.method, route.path, 404, 'tenant_not_found']);
        expect([route.method, route.path, status >= 500]).toEqual([route.method, route.path, false]);
      }
      for (const tenant of ['NORTH', 'north%20', 'north%00', '%2e%2e', "north'--"])
        expect(await walk(agent, chosen, 'demo', tenant)).toEqual(all(chosen, '404 tenant_not_found'));
    });
  });

  describe('of the administration', () => {
    it("is to another partner's administrator, and to its tenants' staff, as one of a partner that there is not", async () => {
      const chosen = withAccess('partner_admin');
      for (const roles of [
        [{ role: 'partner_admin', partner: 'other' }],
        [{ role: 'staff', partner: 'other', tenant: 'north' }],
        [],
      ] as const) {
        const agent = await slipway.signIn({ roles });
        expect(await walk(agent, chosen)).toEqual(all(chosen, '404 partner_not_found'));
        expect(await walk(agent, chosen, 'nothing')).toEqual(all(chosen, '404 partner_not_found'));
      }
    });

    it("has no tenant of another partner's, whoever asks for it, and changes none", async () => {
      const operator = await slipway.signIn({ roles: [{ role: 'operator' }] });
      const connection = { baseUrl: 'https://ods.example.org/api', key: 'key', secret: 'secret' };
      const other = '/api/admin/partners/other/tenants/east/ods-connections';
      const made = await operator.request('put', `${other}/2026`, { body: connection, headers: { 'if-none-match': '*' } });
      expect(made.status).toBe(200);
      const bodies: Readonly<Record<string, object>> = {
        'patch /api/admin/partners/:partner/tenants/:tenant': { name: 'Mine' },
        'put /api/admin/partners/:partner/tenants/:tenant/school-years': { schoolYears: [] },
        'put /api/admin/partners/:partner/tenants/:tenant/ods-connections/:schoolYear': connection,
      };

      const chosen = withAccess('partner_admin').filter(({ path }) => path.includes(':tenant'));
      expect(chosen.length).toBeGreaterThan(4);
      const before = [await slipway.rowCounts(), (await operator.request('get', other)).json];
      const agent = await slipway.signIn({ roles: [{ role: 'partner_admin', partner: 'demo' }] });
      for (const { method, path } of chosen) {
        const body = bodies[`${method} ${path}`] ?? (method === 'post' ? {} : undefined);
        const headers: Record<string, string> = ['put', 'patch'].includes(method) ? { 'if-match': '*' } : {};
        const { status, json } = await agent.request(method, at(path, 'demo', 'east'), { body, headers });
        expect([method, path, status, json.code]).toEqual([
          method,
          path,
          404,
          expect.stringMatching(/^(tenant|ods_connection)_not_found$/),
        ]);
      }
      expect([await slipway.rowCounts(), (await operator.request('get', other)).json]).toEqual(before);
    });

    it("is closed to the partner's own staff", async () => {
      const agent = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
      expect(await walk(agent, withAccess('partner_admin'))).toEqual(all(withAccess('partner_admin'), '403 role_missing'));
    });

    it('is closed to everybody but operators where it is about the installation', async () => {
      for (const roles of [
        [],
        [{ role: 'staff', partner: 'demo', tenant: 'north' }],
        [{ role: 'partner_admin', partner: 'demo' }],
      ] as const) {
        const agent = await slipway.signIn({ roles });
        expect(await walk(agent, withAccess('operator'))).toEqual(all(withAccess('operator'), '403 role_missing'));
      }
    });
  });
});
