import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ALL_SCOPES, startTestApplication, type Method, type TestApplication } from '../support/application';
import { createJob } from '../support/partner';
import { makeOutputSet } from '../support/factories';

const ENDPOINT = { partner: 'demo', url: 'https://hooks.example.org/' };

/** Every route of the External API as those who have no business there. The routes are found, not listed. */
describe('every route of the External API', () => {
  let slipway: TestApplication;
  let routes: { method: Method; path: string }[];
  let jobUid: string;
  let setUid: string;
  let endpointUid: string;
  let deliveryUid: string;
  beforeAll(async () => {
    slipway = await startTestApplication();
    routes = findRoutes();
    await slipway.db.query(`DELETE FROM partner_bundle b USING partner p WHERE p.id = b.partner_id AND p.code = 'other'`);
    jobUid = (await createJob(slipway)).uid;
    const [north] = await slipway.db.query(
      `SELECT t.id, p.id AS "partnerId" FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = 'demo' AND t.code = 'north'`,
    );
    const tenant = { id: north.id, code: 'north', partner: { id: north.partnerId, code: 'demo' }, schoolYear: 2026 };
    setUid = (await makeOutputSet(slipway.db, { tenant })).uid;
    endpointUid = (await slipway.request('post', '/v1/webhook-endpoints', { body: ENDPOINT })).json.uid;
    deliveryUid = (await slipway.request('post', `/v1/webhook-endpoints/${endpointUid}/test`)).json.uid;
  });
  afterAll(() => slipway.close());

  function findRoutes(): { method: Method; path: string }[] {
    const scanner = new MetadataScanner();
    return new DiscoveryService(slipway.app.get(ModulesContainer)).getControllers().flatMap(({ instance, metatype }) => {
      const { path: prefix, version } = {
        path: Reflect.getMetadata(PATH_METADATA, metatype!),
        version: Reflect.getMetadata('__version__', metatype!),
      };
      if (version !== '1') return [];
      return scanner.getAllMethodNames(Object.getPrototypeOf(instance)).flatMap((name) => {
        const handler = (instance as Record<string, object>)[name] as object;
        const path: string | undefined = Reflect.getMetadata(PATH_METADATA, handler);
        if (path === undefined) return [];
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]?.toLowerCase() as Method;
        return [{ method, path: `/v1/${prefix}${path === '/' ? '' : `/${path}`}` }];
      });
    });
  }

  /** A request that would succeed for `demo`, as far as its path and query go. */
  const concrete = (path: string): string =>
    path.replace(':uid', uidFor(path)).replace(':deliveryUid', deliveryUid).replace('*path', 'bundles/scores') +
    (['/v1/jobs', '/v1/output-sets', '/v1/webhook-endpoints'].includes(path) ? '?partner=demo' : '');
  const uidFor = (path: string): string =>
    path.includes('output-sets') ? setUid : path.includes('webhook-endpoints') ? endpointUid : jobUid;
  const bodyOf = (method: Method, path: string): { body?: unknown } =>
    method === 'post' && path === '/v1/jobs'
      ? {
          body: {
            partner: 'demo',
            tenant: 'north',
            bundle: 'bundles/scores',
            schoolYear: '2026',
            files: { INPUT_FILE: 'a.csv' },
            params: { TEST_TYPE: 'Fall' },
          },
        }
      : method === 'post' && path === '/v1/webhook-endpoints'
        ? { body: ENDPOINT }
        : {};

  it('is found', () => {
    expect(routes.length).toBeGreaterThanOrEqual(6);
    expect(routes).toContainEqual({ method: 'post', path: '/v1/jobs/:uid/start' });
  });

  it('is closed to a request without a token, or with a bad one', async () => {
    for (const { method, path } of routes)
      for (const [token, code] of [
        [null, 'token_missing'],
        ['junk', 'token_invalid'],
      ] as const) {
        const response = await slipway.request(method, concrete(path), { ...bodyOf(method, path), token });
        expect([method, path, response.status, response.json.code]).toEqual([method, path, 401, code]);
      }
  });

  it('is closed to a token without scopes, but for the one that says what a token is', async () => {
    const token = await slipway.token({ scope: 'partner:demo' });
    for (const { method, path } of routes.filter(({ path: candidate }) => candidate !== '/v1/token/verify')) {
      const response = await slipway.request(method, concrete(path), { ...bodyOf(method, path), token });
      expect([method, path, response.status, response.json.code]).toEqual([method, path, 403, 'insufficient_scope']);
    }
  });

  it("shows and changes nothing of demo for the other partner's token", async () => {
    const token = await slipway.token({ scope: `${ALL_SCOPES} partner:other` });
    const before = await slipway.rowCounts();
    for (const { method, path } of routes.filter(({ path: candidate }) => candidate !== '/v1/token/verify')) {
      const response = await slipway.request(method, concrete(path), { ...bodyOf(method, path), token });
      // The one list that is not asked for one partner's.
      if (path === '/v1/bundles') expect(response.json).toEqual({ items: [] });
      else expect([method, path, [403, 404].includes(response.status)]).toEqual([method, path, true]);
      expect(response.text).not.toMatch(/north|scores|demo/);
    }
    expect(await slipway.rowCounts()).toEqual(before);
    expect((await slipway.request('get', `/v1/jobs/${jobUid}`)).json.status).toBe('created');
    expect((await slipway.request('get', `/v1/webhook-endpoints/${endpointUid}`)).json).toMatchObject({
      ...ENDPOINT,
      enabled: true,
    });
  });
});
