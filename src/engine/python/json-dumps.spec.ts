import * as fc from 'fast-check';
import { jsonDumps } from './json-dumps';
import { jsonLoads } from './json-loads';
import { pyRepr } from './print';
import { PyDict, PyFloat, PyTuple, type Value } from './values';

const line = { sortKeys: true, indent: null };

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
