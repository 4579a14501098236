import { ListQuery, listPage } from './list';

const KEYS = ['b/2', 'a', 'c', 'b/1', 'b/x/3', 'b', '\u{1f600}', '\uff5e'];

const names = (query: Partial<ListQuery>): string[] =>
  listPage(KEYS, { prefix: '', maxKeys: 1000, ...query }).entries.map(({ name }) => name);

it('sorts by UTF-8 bytes, in which U+1F600 comes after U+FF5E', () => {
  expect(names({})).toEqual(['a', 'b', 'b/1', 'b/2', 'b/x/3', 'c', '\uff5e', '\u{1f600}']);
});

it('keeps to the prefix and rolls up below the delimiter once', () => {
  expect(names({ prefix: 'b' })).toEqual(['b', 'b/1', 'b/2', 'b/x/3']);
  expect(names({ prefix: 'b', delimiter: '/' })).toEqual(['b', 'b/']);
  expect(names({ prefix: 'b/', delimiter: '/' })).toEqual(['b/1', 'b/2', 'b/x/']);
});

it('goes on after a key, or after a whole common prefix', () => {
  expect(names({ prefix: 'b', after: 'b/1' })).toEqual(['b/2', 'b/x/3']);
  expect(names({ delimiter: '/', after: 'b/' }).slice(0, 1)).toEqual(['c']);
  expect(names({ delimiter: '/', after: 'b/1' }).slice(0, 1)).toEqual(['b/']);
});

it('cuts a page at its size and says whether there is more', () => {
  expect(listPage(KEYS, { prefix: 'b', maxKeys: 3 })).toMatchObject({ entries: { length: 3 }, isTruncated: true });
  expect(listPage(KEYS, { prefix: 'b', maxKeys: 4 })).toMatchObject({ entries: { length: 4 }, isTruncated: false });
  expect(listPage(KEYS, { prefix: 'b', delimiter: '/', maxKeys: 2 })).toMatchObject({
    entries: { length: 2 },
    isTruncated: false,
  });
  expect(listPage(KEYS, { prefix: '', maxKeys: 0 })).toEqual({ entries: [], isTruncated: false });
});
