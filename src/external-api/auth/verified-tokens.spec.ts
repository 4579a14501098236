import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { KeySet } from './key-set';
import { VerifiedTokens } from './verified-tokens';

const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const newKeys = () => KeySet.from({ keys: [publicKey] });
const keys = newKeys();

/** Knows the tokens already, by `keys`. */
function knowing(...tokens: string[]): VerifiedTokens<string> {
  const verified = new VerifiedTokens<string>();
  for (const token of tokens) {
    verified.get(token, keys);
    verified.add(token, keys, `found in ${token}`);
  }
  return verified;
}

it('gives what was found in a token, and nothing for another', () => {
  const verified = knowing('a', 'b');
  expect(['a', 'b', 'c', 'A', 'a '].map((token) => verified.get(token, keys))).toEqual([
    'found in a',
    'found in b',
    undefined,
    undefined,
    undefined,
  ]);
});

it('forgets all when the keys are others, even if they look the same, and does not bring it back', () => {
  const verified = knowing('a', 'b');
  expect(verified.get('a', newKeys())).toBeUndefined();
  expect([verified.get('a', keys), verified.get('b', keys)]).toEqual([undefined, undefined]);
});

it('keeps nothing that was verified with keys which were replaced meanwhile', () => {
  const verified = knowing('a');
  const replacement = newKeys();
  verified.get('a', replacement);
  verified.add('a', keys, 'late');
  expect(verified.get('a', replacement)).toBeUndefined();
});

it('knows 2,000 tokens and forgets the one that was not used for longest', () => {
  const verified = knowing(...Array.from({ length: 2000 }, (_, index) => `token ${index}`));
  expect(verified.get('token 0', keys)).toBe('found in token 0');
  verified.add('one more', keys, 'found in one more');
  expect(verified.get('token 1', keys)).toBeUndefined();
  for (const token of ['token 0', 'token 2', 'token 1999', 'one more'])
    expect(verified.get(token, keys)).toBe(`found in ${token}`);
});

it('does not remember tokens over 4,096 characters', () => {
  const [longest, longer] = ['x'.repeat(4096), 'x'.repeat(4097)];
  const verified = knowing(longest, longer);
  expect(verified.get(longest, keys)).toBe(`found in ${longest}`);
  expect(verified.get(longer, keys)).toBeUndefined();
});

it('holds no token', () => {
  const verified = new VerifiedTokens<string>();
  verified.get('secret-token', keys);
  verified.add('secret-token', keys, 'found');
  const held = inspect(verified, { depth: null, maxArrayLength: null });
  expect(held).toContain('found');
  expect(held).not.toContain('secret-token');
});
