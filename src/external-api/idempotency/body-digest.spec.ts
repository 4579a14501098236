import { bodyDigest } from './body-digest';

const digest = (json: string): string => bodyDigest(JSON.parse(json)).toString('hex');

it.each([
  ['{"a":1,"b":{"c":[],"d":null}}', ' { "b" : { "d" : null, "c" : [ ] }, "a" : 1 } '],
  ['{"a":"é"}', '{"a":"\\u00e9"}'],
  ['{"a":1}', '{"a":1.0}'],
  ['{"__proto__":1,"a":2}', '{"a":2,"__proto__":1}'],
])('is the same for %s and %s', (one, other) => {
  expect(digest(one)).toBe(digest(other));
});

it.each([
  ['{"a":1}', '{"a":"1"}'],
  ['{"a":[1,2]}', '{"a":[2,1]}'],
  ['{"a":null}', '{}'],
  ['{"a":{"b":1}}', '{"a":1,"b":1}'],
  ['{"a":"1,\\"b\\":2"}', '{"a":"1","b":2}'],
  ['{"__proto__":1}', '{}'],
  ['{"a":"b"}', '{"a":"B"}'],
])('differs for %s and %s', (one, other) => {
  expect(digest(one)).not.toBe(digest(other));
});

it('takes no body for an empty one', () => {
  expect(bodyDigest(undefined)).toEqual(bodyDigest({}));
  expect(bodyDigest({})).toHaveLength(32);
});
