import { generateTestKey, type TestIssuer } from '../support/issuer';
import { useTokenVerifier } from '../support/token-verifier';

const { setUp } = useTokenVerifier();

describe('claims', () => {
  it.each<[string, (issuer: TestIssuer) => unknown]>([
    ['is missing', () => undefined],
    ['is another', () => 'https://issuer.test'],
    ['has a slash more', ({ issuer }) => `${issuer}/`],
    ['has another case', ({ issuer }) => issuer.toUpperCase()],
    ['is an array', ({ issuer }) => [issuer]],
    ['is null', () => null],
  ])('whose iss %s are refused', async (_, iss) => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({ iss: iss(issuer) })).toBe('token_invalid');
  });

  it.each<[string, (issuer: TestIssuer) => unknown]>([
    ['is missing', () => undefined],
    ['is another', () => 'https://another.test'],
    ['are only others', () => ['https://another.test', 'slipway']],
    ['is empty', () => []],
    ['begins like ours', ({ audience }) => `${audience}/more`],
    ['is an object', ({ audience }) => ({ [audience]: true })],
    ['is null', () => null],
  ])('whose aud %s are refused', async (_, aud) => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({ aud: aud(issuer) })).toBe('token_invalid');
  });

  it.each([undefined, null, '9999999999', {}, []])('whose exp is %j are refused', async (exp) => {
    const { kindFor } = await setUp();
    expect(await kindFor({ exp })).toBe('token_invalid');
  });

  it('whose exp no calendar has are refused', async () => {
    const { kindFor } = await setUp();
    expect(await kindFor({ exp: 1e300 })).toBe('token_invalid');
  });

  it.each([undefined, null, '1', {}])('whose iat is %j are refused', async (iat) => {
    const { kindFor } = await setUp();
    expect(await kindFor({ iat })).toBe('token_invalid');
  });

  it('expire 30 s after exp', async () => {
    const { kindFor, at } = await setUp();
    expect(await kindFor({ exp: at(-29) })).toBe('verified');
    expect(await kindFor({ exp: at(-30) })).toBe('token_expired');
    expect(await kindFor({ exp: at(-86_400) })).toBe('token_expired');
  });

  it('are judged by the clock of now', async () => {
    const { clock, mint, verify } = await setUp();
    const token = await mint();
    expect((await verify(token)).kind).toBe('verified');
    clock.advance(330);
    expect((await verify(token)).kind).toBe('token_expired');
  });

  it('may be issued up to 30 s in the future', async () => {
    const { kindFor, at } = await setUp();
    expect(await kindFor({ iat: at(30) })).toBe('verified');
    expect(await kindFor({ iat: at(31) })).toBe('token_invalid');
  });

  it('may begin up to 30 s in the future', async () => {
    const { kindFor, at } = await setUp();
    expect(await kindFor({ nbf: at(-3600) })).toBe('verified');
    expect(await kindFor({ nbf: at(30) })).toBe('verified');
    expect(await kindFor({ nbf: at(31) })).toBe('token_invalid');
    expect(await kindFor({ nbf: '0' })).toBe('token_invalid');
  });

  it.each([{ nonce: 'n' }, { at_hash: 'h' }, { nonce: null }])('of an ID token (%j) are refused', async (claims) => {
    const { kindFor } = await setUp();
    expect(await kindFor(claims)).toBe('token_invalid');
    expect(await kindFor(claims, { header: { typ: 'JWT' } })).toBe('token_invalid');
  });

  it('of a forged token are not believed: an expired one is just invalid', async () => {
    const { issuer, kindFor, at } = await setUp();
    const forger = { ...(await generateTestKey('ES256')), kid: String(issuer.publishedKeys[0]?.kid) };
    expect(await kindFor({ exp: at(-3600) }, { key: forger })).toBe('token_invalid');
  });
});
