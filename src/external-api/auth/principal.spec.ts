import { toPrincipal } from './principal';

const principal = (claims: Record<string, unknown> = {}) =>
  toPrincipal({ iss: 'https://issuer.test', exp: 1_800_000_000, ...claims });

it('tells the issuer and when the token expires', () => {
  expect(principal()).toMatchObject({ issuer: 'https://issuer.test', expiresAt: new Date('2027-01-15T08:00:00Z') });
});

describe('scopes', () => {
  it('are those of scope and scp united, once each', () => {
    expect(principal({ scope: 'read:jobs create:jobs', scp: 'read:jobs other' }).scopes).toEqual([
      'read:jobs',
      'create:jobs',
      'other',
    ]);
  });

  it('come from an array of scp, an element each', () => {
    expect(principal({ scp: ['read:jobs', 'create:jobs read:jobs:output-files', '', 7, null] }).scopes).toEqual([
      'read:jobs',
      'create:jobs read:jobs:output-files',
    ]);
  });

  it.each([
    ['array', ['read:jobs']],
    ['number', 1],
    ['null', null],
    ['object', { 'read:jobs': true }],
  ])('are none where scope is of type %s', (_, scope) => {
    expect(principal({ scope }).scopes).toEqual([]);
  });

  it('are delimited by spaces only', () => {
    expect(principal({ scope: ' read:jobs\tcreate:jobs  other ' }).scopes).toEqual(['read:jobs\tcreate:jobs', 'other']);
  });

  it('keep their case, which is another scope', () => {
    expect(principal({ scope: 'READ:jobs' }).scopes).toEqual(['READ:jobs']);
  });
});

describe('partners', () => {
  it.each([
    ['drop the prefix', 'partner:a partner:b', ['a', 'b']],
    ['are told once', 'partner:a partner:a', ['a']],
    ['keep everything after the first colon', 'partner:a:b partner::c', ['a:b', ':c']],
    ['keep their case', 'partner:A partner:a', ['A', 'a']],
    ['are none for the prefix alone', 'partner: partner', []],
    ['are none with a NUL', 'partner:a\0b', []],
    ['are none for another case of the prefix', 'PARTNER:A Partner:a', []],
    ['are none without the prefix', 'a xpartner:a', []],
  ])('%s', (_, scope, partners) => {
    expect(principal({ scope }).partners).toEqual(partners);
  });

  it('are not among the scopes', () => {
    expect(principal({ scope: 'read:jobs partner:a partner:' }).scopes).toEqual(['read:jobs']);
  });

  it('come from scp too', () => {
    expect(principal({ scope: 'partner:a', scp: ['partner:a', 'partner:b'] }).partners).toEqual(['a', 'b']);
  });
});

describe('the client', () => {
  const unusable = [
    ['a number', 7],
    ['an array', ['a']],
    ['null', null],
    ['empty', ''],
    ['over 255 characters', 'a'.repeat(256)],
    ['with a line break', 'a\r\nb'],
    ['with a NUL', 'a\0'],
    ['with a control character of Latin-1', 'a\u0085'],
    ['with a lone surrogate', 'a\ud800'],
  ] as const;

  it('is client_id', () => {
    expect(principal({ client_id: 'one', azp: 'two' }).clientId).toBe('one');
  });

  it('is azp without a client_id', () => {
    expect(principal({ azp: 'two' }).clientId).toBe('two');
  });

  it.each(unusable)('is azp where client_id is %s', (_, client_id) => {
    expect(principal({ client_id, azp: 'two' }).clientId).toBe('two');
  });

  it.each(unusable)('is absent where both are %s', (_, value) => {
    expect(principal({ client_id: value, azp: value }).clientId).toBeNull();
  });

  it.each(unusable)('has no name that is %s', (_, client_name) => {
    expect(principal({ client_name }).clientName).toBeNull();
  });

  it('may have 255 characters, whatever they take in UTF-16', () => {
    expect(principal({ client_id: '😀'.repeat(255) }).clientId).toBe('😀'.repeat(255));
  });

  it('is never the subject', () => {
    expect(principal({ sub: 'someone' }).clientId).toBeNull();
  });
});
