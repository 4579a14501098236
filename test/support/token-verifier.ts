import { Logger } from '@nestjs/common';
import type { JWK } from 'jose';
import { IssuerKeys } from '../../src/external-api/auth/issuer-keys';
import { fetchIssuerKeys } from '../../src/external-api/auth/oidc-discovery';
import { TokenVerifier, type TokenVerification } from '../../src/external-api/auth/token-verifier';
import { startTestIssuer, type MintOptions, type TestIssuer, type TestIssuerOptions, type TestKey } from './issuer';
import { ManualClock } from './manual-clock';

/** The product's own. */
export const FETCH_TIMEOUT_MS = 5000;

interface VerifierSettings {
  /** The issuer of the test by default. */
  issuer?: string | null;
  jwksMaxStaleSeconds?: number;
}

/** A verifier that asks an issuer of its own over HTTP, by a clock that the test moves. */
function verifierOf(issuer: TestIssuer, settings: VerifierSettings) {
  const clock = new ManualClock();
  const configured = settings.issuer === undefined ? issuer.issuer : settings.issuer;
  const lifetimes = { jwksCacheSeconds: 600, jwksMaxStaleSeconds: settings.jwksMaxStaleSeconds ?? 3600 };
  const network = { timeoutMs: FETCH_TIMEOUT_MS };
  const keys = new IssuerKeys(() => fetchIssuerKeys(configured ?? '', network), lifetimes, clock);
  const verifier = new TokenVerifier({ issuer: configured, audience: issuer.audience, ...lifetimes }, keys, clock);
  /** Seconds since 1970, this far from now. */
  const at = (seconds: number) => clock.now().getTime() / 1000 + seconds;
  const mint = (claims: Record<string, unknown> = {}, how: MintOptions = {}) =>
    issuer.mint({ iat: at(0), exp: at(300), ...claims }, how);
  const verify = (token: string): Promise<TokenVerification> => verifier.verify([`Bearer ${token}`]);
  const kindFor = async (claims: Record<string, unknown> = {}, how: MintOptions = {}) =>
    (await verify(await mint(claims, how))).kind;
  return { issuer, clock, network, verifier, at, mint, verify, kindFor };
}

/** For a spec file: ways to set up verifiers and issuers, which are closed after each test. */
export function useTokenVerifier() {
  const open: TestIssuer[] = [];
  beforeAll(() => Logger.overrideLogger(false));
  afterEach(async () => {
    await Promise.all(open.splice(0).map((issuer) => issuer.close()));
  });
  const startIssuer = async (options: TestIssuerOptions = {}) => {
    const issuer = await startTestIssuer(options);
    open.push(issuer);
    return issuer;
  };
  const setUp = async (options: TestIssuerOptions = {}, settings: VerifierSettings = {}) =>
    verifierOf(await startIssuer(options), settings);
  return { setUp, startIssuer };
}

/** A part of a JWT as it is encoded. */
export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Publishes a key with other parameters, beside the issuer's good one, without which the set itself would be refused. */
export function publishAs(issuer: TestIssuer, key: TestKey, changes: Partial<JWK>): TestKey {
  const changed = { ...key, publicJwk: { ...key.publicJwk, ...changes } };
  issuer.publishedKeys.push(changed.publicJwk);
  return changed;
}
