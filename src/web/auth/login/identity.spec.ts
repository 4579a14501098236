import { toIdentity } from './identity';

it.each([
  [
    { sub: 'a', name: 'Ada Lovelace', email: 'ada@example.org' },
    { subject: 'a', name: 'Ada Lovelace', email: 'ada@example.org' },
  ],
  [
    { sub: 'a', given_name: 'Ada', family_name: 'Lovelace' },
    { subject: 'a', name: 'Ada Lovelace', email: null },
  ],
  [
    { sub: 'a', family_name: 'Lovelace' },
    { subject: 'a', name: 'Lovelace', email: null },
  ],
  [
    { sub: 'a', preferred_username: 'ada', email: 'ada@example.org' },
    { subject: 'a', name: 'ada', email: 'ada@example.org' },
  ],
  [
    { sub: 'a', email: 'ada@example.org' },
    { subject: 'a', name: 'ada@example.org', email: 'ada@example.org' },
  ],
  [{ sub: 'a' }, { subject: 'a', name: null, email: null }],
  [
    { sub: 'a', name: 'a\u0000b', email: ['ada@example.org'] },
    { subject: 'a', name: null, email: null },
  ],
  [
    { sub: 'a', name: '\ud800', email: 'x'.repeat(256) },
    { subject: 'a', name: null, email: null },
  ],
])('of %j is %j', (claims, identity) => {
  expect(toIdentity(claims)).toEqual(identity);
});

it.each([{}, { sub: '' }, { sub: 7 }, { sub: 'a\n' }, { sub: 'x'.repeat(256) }, { email: 'ada@example.org' }])(
  'is none of %j',
  (claims) => {
    expect(toIdentity(claims)).toBeNull();
  },
);
