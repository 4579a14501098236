import * as fc from 'fast-check';
import { jsonDumps, jsonLoads } from './json';
import { pyRepr } from './print';
import { PyDict, PyFloat, PyTuple, type Value } from './values';

const line = { sortKeys: true, indent: null };

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

describe('jsonDumps', () => {
  const written: readonly (readonly [value: Value, text: string])[] = [
    ['é\u2028\x7f"\\\b\f😀', '"\\u00e9\\u2028\\u007f\\"\\\\\\b\\f\\ud83d\\ude00"'],
    [[1, new PyFloat(1), 1e-7, 2n ** 60n, NaN, -Infinity], '[1, 1.0, 1e-07, 1152921504606846976, NaN, -Infinity]'],
    [new PyTuple([true, null]), '[true, null]'],
    [
      PyDict.fromEntries([
        ['b', 1],
        ['a', new PyDict()],
      ]),
      '{"a": {}, "b": 1}',
    ],
    [
      PyDict.fromEntries([
        [2, 'x'],
        [1.5, 'y'],
      ]),
      '{"1.5": "y", "2": "x"}',
    ],
  ];
  it.each(written)('writes %p', (value, text) => {
    expect(jsonDumps(value, line)).toBe(text);
  });

  it('indents', () => {
    expect(jsonDumps([1, [], PyDict.fromEntries([['a', [2]]])], { sortKeys: false, indent: '  ' })).toBe(
      '[\n  1,\n  [],\n  {\n    "a": [\n      2\n    ]\n  }\n]',
    );
  });

  it('refuses keys that do not sort, and values without a form', () => {
    expect(() =>
      jsonDumps(
        PyDict.fromEntries([
          [1, 1],
          ['a', 1],
        ]),
        line,
      ),
    ).toThrow("'<' not supported between instances of");
    expect(() => jsonDumps(PyDict.fromEntries([[new PyTuple([]), 1]]), line)).toThrow(
      'keys must be str, int, float, bool or None, not tuple',
    );
  });

  it('writes what is read as the same value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = jsonLoads(text);
        expect(pyRepr(jsonLoads(jsonDumps(value, { sortKeys: false, indent: null })))).toBe(pyRepr(value));
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
