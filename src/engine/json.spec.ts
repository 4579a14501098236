import { parseJson } from './json';
import { PyDict, PyFloat } from './python/values';

describe('parseJson', () => {
  it.each([
    ['1', 1],
    ['-0.5', -0.5],
    ['1.0', new PyFloat(1)],
    ['1e3', new PyFloat(1000)],
    ['12345678901234567890', 12345678901234567890n],
    ['NaN', NaN],
    ['-Infinity', -Infinity],
    ['"a\\u00e9\\n\\/\\\\"', 'aé\n/\\'],
    ['"\\ud83d\\ude00"', '😀'],
    ['[1, [true, null], []]', [1, [true, null], []]],
    [' "x" ', 'x'],
    ['"\u007f"', '\u007f'],
  ])('reads %s', (text, expected) => {
    expect(parseJson(text)).toEqual(expected);
  });

  it('keeps the order of keys and the last of equal ones', () => {
    const value = parseJson('{"b": 1, "a": 2, "b": 3}') as PyDict;
    expect([...value.entries()]).toEqual([
      ['b', 3],
      ['a', 2],
    ]);
  });

  it.each(['', '{', '[1,]', '{"a" 1}', '01', '"a\nb"', 'tru', '1 2', '"\\x"', '"\\u12"', "{'a': 1}"])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow('not JSON');
  });

  it('refuses what is nested without end', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow('not JSON');
  });
});
