import * as fc from 'fast-check';
import { floatRepr, intRepr, parseFloatText, parseIntText, roundFloat, roundInt } from './numbers';
import { PyFloat, pyFloat } from './values';

describe('floatRepr', () => {
  const printed: readonly (readonly [value: number, text: string])[] = [
    [3, '3.0'],
    [-0, '-0.0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e-5, '1e-05'],
    [0.0001, '0.0001'],
    [1.25e-7, '1.25e-07'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e22, '1e+22'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [NaN, 'nan'],
    [-Infinity, '-inf'],
    [-2.5, '-2.5'],
  ];

  it.each(printed)('prints %p as %s', (value, text) => {
    expect(floatRepr(value)).toBe(text);
  });

  it('reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => Object.is(parseFloatText(floatRepr(value)), value)),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('parseFloatText', () => {
  it.each(['', '.', 'e5', '1e', '1__0', '_1', '1_', '1._5', '0x10', '1 2', 'infinit', '+', '--1', '1f'])('refuses %j', (text) => {
    expect(parseFloatText(text)).toBeUndefined();
  });

  const read: readonly (readonly [text: string, value: number])[] = [
    [' 1.5\n', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1_0.2_5e1_0', 10.25e10],
    ['-Infinity', -Infinity],
    ['+inf', Infinity],
    ['\u0663.\u0661', 3.1],
    ['1e400', Infinity],
    ['\u20031\u0085', 1],
  ];
  it.each(read)('reads %j', (text, value) => {
    expect(parseFloatText(text)).toBe(value);
  });
});

describe('parseIntText', () => {
  it.each([
    ['12', 10, 12],
    [' -007 ', 10, -7],
    ['-0', 10, 0],
    ['1_000', 10, 1000],
    ['0x1F', 16, 31],
    ['0x_1f', 0, 31],
    ['0b101', 0, 5],
    ['z', 36, 35],
    ['12345678901234567890', 10, 12345678901234567890n],
    ['\u0661\u0662', 10, 12],
    ['00', 0, 0],
  ] as const)('reads %j in base %d', (text, base, value) => {
    expect(parseIntText(text, base)).toBe(value);
  });

  it.each([
    ['', 10],
    ['1.0', 10],
    ['0x1f', 10],
    ['012', 0],
    ['9', 8],
    ['1__0', 10],
    ['_1', 10],
    ['0x', 16],
    ['\u00b2', 10],
  ] as const)('refuses %j in base %d', (text, base) => {
    expect(parseIntText(text, base)).toBeUndefined();
  });

  it('stops at 4300 digits, as Python does', () => {
    expect(() => parseIntText('1'.repeat(4301))).toThrow('Exceeds the limit');
    expect(() => intRepr(10n ** 4301n)).toThrow('Exceeds the limit');
    expect(intRepr(10n ** 4299n)).toHaveLength(4300);
  });
});

describe('rounding', () => {
  const rounded: readonly (readonly [value: number, places: number, result: number])[] = [
    [0.5, 0, 0],
    [1.5, 0, 2],
    [2.5, 0, 2],
    [2.675, 2, 2.67],
    [1.005, 2, 1],
    [0.285, 2, 0.28],
    [1234567.125, 2, 1234567.12],
    [150, -2, 200],
    [250, -2, 200],
    [1e300, 5, 1e300],
    [5e-324, 323, 0],
    [1.1, 400, 1.1],
  ];
  it.each(rounded)('round(%d, %d) is %d', (value, places, result) => {
    expect(roundFloat(value, places)).toEqual(pyFloat(result));
  });

  it('keeps the sign of zero', () => {
    expect(roundFloat(-0.4, 0)).toEqual(new PyFloat(-0));
  });

  it('of ints goes to the even ten', () => {
    expect(roundInt(15, -1)).toBe(20);
    expect(roundInt(25, -1)).toBe(20);
    expect(roundInt(-25, -1)).toBe(-20);
    expect(roundInt(12345678901234567890n, -3)).toBe(12345678901234568000n);
    expect(roundInt(7, 3)).toBe(7);
  });
});
