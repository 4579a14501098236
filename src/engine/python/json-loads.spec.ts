import { jsonLoads } from './json-loads';
import { pyRepr } from './print';

describe('jsonLoads', () => {
  it.each([
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['1e2', '100.0'],
    ['-0', '0'],
    ['-0.0', '-0.0'],
    ['[NaN, Infinity, -Infinity]', '[nan, inf, -inf]'],
    ['{"a": 1, "b": null, "a": true}', "{'a': True, 'b': None}"],
    ['"\\u00e9\\n\\/\\ud83d\\ude00"', "'é\\n/😀'"],
    [' [ ] ', '[]'],
    ['{"__proto__": 1}', "{'__proto__': 1}"],
  ])('reads %s', (text, repr) => {
    expect(pyRepr(jsonLoads(text))).toBe(repr);
  });

  it.each([
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['[1,', 'Expecting value: line 1 column 4 (char 3)'],
    ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['{a}', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['1 2', 'Extra data: line 1 column 3 (char 2)'],
    ['"a', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"a\n"', 'Invalid control character at: line 1 column 3 (char 2)'],
    ['"\\x"', 'Invalid \\escape: line 1 column 2 (char 1)'],
    ['\n01', 'Extra data: line 2 column 2 (char 2)'],
    [`${'['.repeat(100_000)}`, 'maximum depth exceeded while reading JSON'],
  ])('refuses %.20j', (text, message) => {
    expect(() => jsonLoads(text)).toThrow(message);
  });
});
