import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { KeySet } from './key-set';

const jwk = (key: ReturnType<typeof createPublicKey>) => ({ ...key.export({ format: 'jwk' }) });
const ec = jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
const rsa1024 = jwk(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
const rsa2048 = jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
const ed25519 = jwk(generateKeyPairSync('ed25519').publicKey);

it.each([
  ['EC', ec],
  ['RSA of 2,048 bits', rsa2048],
  ['Ed25519', ed25519],
  ['for signatures', { ...ec, use: 'sig' }],
])('takes a key that is %s', (_, key) => {
  expect(KeySet.from({ keys: [{ ...key, kid: 'a' }] }).has('a')).toBe(true);
});

it.each([
  ['RSA under 2,048 bits', rsa1024],
  ['for encryption', { ...ec, use: 'enc' }],
  ['symmetric', { kty: 'oct', k: 'c2VjcmV0' }],
  ['private', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
  ['for key agreement', jwk(generateKeyPairSync('x25519').publicKey)],
  ['broken', { ...ec, x: '!!' }],
  ['of an unknown type', { kty: 'XYZ' }],
])('counts a set of nothing but a key that is %s as useless', (_, key) => {
  expect(() => KeySet.from({ keys: [{ ...key, kid: 'a' }] })).toThrow('no key that can verify');
});

it('knows the kid of a key that it refuses, so that the issuer is not asked for it again', () => {
  const keys = KeySet.from({ keys: [{ ...rsa1024, kid: 'weak' }, ec] });
  expect([keys.has('weak'), keys.has('other')]).toEqual([true, false]);
});

it.each([{}, { keys: null }, { keys: {} }, { keys: [null] }, { keys: ['x'] }, { keys: [[]] }])('refuses %j', (document) => {
  expect(() => KeySet.from(document)).toThrow('no array of keys');
});

it('refuses an empty set, which would refuse every token', () => {
  expect(() => KeySet.from({ keys: [] })).toThrow('no key that can verify');
});
