import type { Principal } from '../../src/external-api/auth/principal';
import { NO_REQUESTS } from '../support/issuer';
import { useTokenVerifier } from '../support/token-verifier';

/**
 * What common issuers put into their tokens, set up as docs/token-issuers.md says, and what comes of their defaults that do
 * not fit. A row has what its issuer adds to or takes from the claims `iss`, `aud`, `iat` and `exp`; the key's `kid` and
 * `alg` are the test's.
 */
const { setUp } = useTokenVerifier();

interface Row {
  readonly header: Readonly<Record<string, unknown>>;
  /** As they are minted; a value of undefined leaves one out. */
  readonly claims: Readonly<Record<string, unknown>>;
}

const NO_CLAIMS_OF_THE_TEST = { sub: undefined, client_id: undefined, client_name: undefined, jti: undefined, scope: undefined };
const JOB_SCOPES = ['create:jobs', 'read:jobs', 'read:jobs:output-files'];
const SCOPES = [...JOB_SCOPES, 'partner:acme'].join(' ');
const GUID = '6e74172b-be56-4843-9ff4-e66a39bb12e3';

const keycloak: Row = {
  header: { typ: 'JWT' },
  claims: {
    jti: 'trrtcc:0f7b4a3e-6f1e-4a0e-9c55-0a6fb0d3c9a1',
    sub: '5f2c7e0c-37a4-4b0f-8f4e-6a6f0b2d3c11',
    typ: 'Bearer',
    azp: 'acme-sync',
    acr: '1',
    realm_access: { roles: ['default-roles-partners', 'offline_access', 'uma_authorization'] },
    resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
    scope: `${SCOPES} profile email`,
    clientHost: '203.0.113.7',
    clientAddress: '203.0.113.7',
    email_verified: false,
    preferred_username: 'service-account-acme-sync',
    client_id: 'acme-sync',
  },
};

const auth0: Row = {
  header: { typ: 'JWT' },
  claims: { sub: 'K3xQ9Lw2@clients', scope: SCOPES, gty: 'client-credentials', azp: 'K3xQ9Lw2' },
};

const auth0Rfc9068: Row = {
  header: { typ: 'at+jwt' },
  claims: { sub: 'K3xQ9Lw2@clients', jti: '73WakrfVbNJBaAmhQtEeDv', scope: SCOPES, client_id: 'K3xQ9Lw2' },
};

const okta: Row = {
  header: { typ: undefined },
  claims: { ver: 1, jti: 'AT.k2f7Qw', cid: '0oa1acme', scp: SCOPES.split(' '), sub: '0oa1acme', azp: '0oa1acme' },
};

const entra: Row = {
  header: { typ: 'JWT' },
  claims: {
    nbf: 0,
    aio: 'AWQAm/8TAAAA',
    azp: GUID,
    azpacr: '1',
    oid: '2f0b7a51-9d0f-4b0e-a6a5-6f0f5a5fd6d2',
    rh: '0.AXYA',
    scp: SCOPES,
    sub: 'Y2Ey8vQ',
    tid: '0b1d5a3c-8c1e-4a58-8c1b-1f0b9f3f7c55',
    uti: 'k2f7Qw',
    ver: '2.0',
  },
};

describe('an access token of', () => {
  it.each<[string, Row, string]>([
    ['Keycloak with its service account', keycloak, 'acme-sync'],
    ['Auth0 in its own profile', auth0, 'K3xQ9Lw2'],
    ['Auth0 in the profile of RFC 9068', auth0Rfc9068, 'K3xQ9Lw2'],
    ["Okta's custom authorization server with the claim azp added", okta, '0oa1acme'],
    ['Entra ID, version 2.0, delegated', entra, GUID],
  ])('%s has the job scopes, the partner and the client', async (_, { header, claims }, clientId) => {
    const { mint, verify } = await setUp();
    const verification = await verify(await mint({ ...NO_CLAIMS_OF_THE_TEST, ...claims }, { header }));
    expect(verification).toMatchObject({ kind: 'verified', principal: { clientId, partners: ['acme'] } });
    expect(verification).toHaveProperty('principal.scopes', expect.arrayContaining(JOB_SCOPES));
  });

  it.each<[string, Row, Partial<Principal>]>([
    [
      'Keycloak whose client scopes are not included in the token scope: no scopes of ours',
      { ...keycloak, claims: { ...keycloak.claims, scope: 'profile email' } },
      { clientId: 'acme-sync', scopes: ['profile', 'email'], partners: [] },
    ],
    [
      'Keycloak that has them as roles: not read',
      {
        ...keycloak,
        claims: { ...keycloak.claims, scope: 'profile', resource_access: { slipway: { roles: SCOPES.split(' ') } } },
      },
      { scopes: ['profile'], partners: [] },
    ],
    [
      'Keycloak whose older service accounts name the client in clientId: azp is read',
      { ...keycloak, claims: { ...keycloak.claims, client_id: undefined, clientId: 'acme-sync' } },
      { clientId: 'acme-sync' },
    ],
    [
      'Auth0 whose API permissions are in permissions only: not read',
      { ...auth0, claims: { ...auth0.claims, scope: undefined, permissions: SCOPES.split(' ') } },
      { clientId: 'K3xQ9Lw2', scopes: [], partners: [] },
    ],
    [
      'Okta as it is, which names the client in cid only: no client, so it may read but not write',
      { ...okta, claims: { ...okta.claims, azp: undefined } },
      { clientId: null, scopes: JOB_SCOPES, partners: ['acme'] },
    ],
    [
      'Entra ID for an application by itself, which has app roles: no scopes',
      { ...entra, claims: { ...entra.claims, scp: undefined, idtyp: 'app', roles: SCOPES.split(' ') } },
      { clientId: GUID, scopes: [], partners: [] },
    ],
    [
      'Entra ID, version 1.0, which names the client in appid: no client',
      { ...entra, claims: { ...entra.claims, ver: '1.0', azp: undefined, appid: GUID, appidacr: '1' } },
      { clientId: null, scopes: JOB_SCOPES },
    ],
  ])('%s', async (_, { header, claims }, principal) => {
    const { mint, verify } = await setUp();
    const verification = await verify(await mint({ ...NO_CLAIMS_OF_THE_TEST, ...claims }, { header }));
    expect(verification).toMatchObject({ kind: 'verified', principal });
  });

  it.each<[string, Row, string]>([
    [
      'Keycloak without an audience mapper is for the audience account',
      { ...keycloak, claims: { ...keycloak.claims, aud: 'account' } },
      'aud',
    ],
    [
      'Keycloak that is lightweight, its audience mapper not added to such, has no audience',
      { ...keycloak, claims: { ...keycloak.claims, aud: undefined } },
      'aud',
    ],
    [
      'Keycloak for a signed-in user, of a version or mapper that adds the nonce, looks like an ID token',
      { ...keycloak, claims: { ...keycloak.claims, nonce: 'n-0S6_WzA2Mj' } },
      'ID token',
    ],
    [
      'Keycloak that is its ID token',
      { ...keycloak, claims: { ...keycloak.claims, typ: 'ID', at_hash: 'MTIzNDU2Nzg' } },
      'ID token',
    ],
    [
      'Auth0 for another API is for another audience',
      { ...auth0, claims: { ...auth0.claims, aud: ['https://another.test', 'https://acme.auth0.test/userinfo'] } },
      'aud',
    ],
    [
      "Okta's org authorization server is for Okta itself",
      { ...okta, claims: { ...okta.claims, aud: 'https://acme.okta.test' } },
      'aud',
    ],
    [
      'Entra ID, version 1.0, of the same tenant is from another issuer',
      { ...entra, claims: { ...entra.claims, iss: 'https://sts.windows.test/0b1d5a3c-8c1e-4a58-8c1b-1f0b9f3f7c55/' } },
      'iss',
    ],
    [
      'Entra ID, version 2.0, has the API by its client id in aud, not by its URI',
      { ...entra, claims: { ...entra.claims, aud: GUID } },
      'aud',
    ],
  ])('%s: invalid', async (_, { header, claims }, reason) => {
    const { mint, verify } = await setUp();
    const verification = await verify(await mint({ ...NO_CLAIMS_OF_THE_TEST, ...claims }, { header }));
    expect(verification).toEqual({ kind: 'token_invalid', reason: expect.stringContaining(reason) as string });
  });

  it('Auth0 that signs by HS256 is invalid', async () => {
    const { kindFor } = await setUp();
    expect(await kindFor(auth0.claims, { alg: 'HS256', header: { typ: 'JWT', kid: undefined } })).toBe('token_invalid');
  });

  it('Auth0 for no audience is opaque or encrypted, so invalid, and its issuer is not asked', async () => {
    const { issuer, verify } = await setUp();
    const encrypted = `${Buffer.from('{"alg":"dir","enc":"A256GCM","iss":"https://acme.auth0.test/"}').toString('base64url')}..aXY.Y2lwaGVy.dGFn`;
    for (const token of ['kZ2n9dJfQw8b3xV7', encrypted]) expect((await verify(token)).kind).toBe('token_invalid');
    expect(issuer.requests).toEqual(NO_REQUESTS);
  });

  it('Auth0 has an issuer that ends in a slash, which the setting has to have too', async () => {
    const { issuer, mint, verify, kindFor } = await setUp({ path: '/' });
    expect(issuer.issuer).toMatch(/\/$/);
    expect(await kindFor(auth0.claims, { header: auth0.header })).toBe('verified');
    const other = await verify(await mint({ ...auth0.claims, iss: issuer.issuer.replace(/\/$/, '') }, { header: auth0.header }));
    expect(other).toMatchObject({ kind: 'token_invalid', reason: expect.stringContaining('iss') as string });
  });
});
