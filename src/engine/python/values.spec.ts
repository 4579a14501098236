import { PyDict, PyError, PyFloat, PyTuple, Markup, Undefined, pyFloat, pyInt } from './values';

describe('numbers', () => {
  it('tell floats from ints by their form', () => {
    expect(pyFloat(1.5)).toBe(1.5);
    expect(pyFloat(2)).toEqual(new PyFloat(2));
    expect(pyFloat(NaN)).toBeNaN();
    expect(pyFloat(-0)).toEqual(new PyFloat(-0));
    expect(pyFloat(Infinity)).toBe(Infinity);
  });

  it('are bigints outside of the safe range only', () => {
    expect(pyInt(2n ** 53n - 1n)).toBe(9007199254740991);
    expect(pyInt(2n ** 53n)).toBe(9007199254740992n);
    expect(pyInt(-(2n ** 53n))).toBe(-9007199254740992n);
  });
});

describe('PyDict', () => {
  it('holds keys equal that Python does, and keeps the first spelling', () => {
    const dict = new PyDict().set(1, 'a').set(true, 'b').set(new PyFloat(1), 'c');
    expect(Array.from(dict.entries())).toEqual([[1, 'c']]);
    const other = new PyDict().set(true, 'a').set(1, 'b');
    expect(Array.from(other.keys())).toEqual([true]);
    expect(other.delete(new PyFloat(1))).toBe(true);
    expect(Array.from(other.set(1, 'x').keys())).toEqual([1]);
  });

  it('tells apart what only looks alike', () => {
    const keys = [
      '1',
      1,
      null,
      'null',
      'None',
      false,
      '',
      new PyTuple(['a', 'b']),
      new PyTuple(['a,b']),
      new PyTuple([1]),
      new PyTuple(['1']),
      '\0t',
      '\0s',
    ];
    const dict = new PyDict();
    keys.forEach((key, i) => dict.set(key, i));
    expect(dict.size).toBe(keys.length);
    expect(keys.map((key) => dict.get(key))).toEqual(keys.map((_, i) => i));
    expect(Array.from(dict.keys())).toEqual(keys);
  });

  it('finds large ints, markup and tuples by value', () => {
    const dict = new PyDict()
      .set(2n ** 60n, 'a')
      .set('<b>', 'b')
      .set(new PyTuple([1, 'x']), 'c');
    expect(dict.get(new PyFloat(2 ** 60))).toBe('a');
    expect(dict.get(new Markup('<b>'))).toBe('b');
    expect(dict.get(new PyTuple([true, 'x']))).toBe('c');
  });

  it('refuses keys that can change', () => {
    expect(() => new PyDict().set([], 1)).toThrow(new PyError('TypeError', "unhashable type: 'list'"));
    expect(() => new PyDict().get(new PyTuple([new PyDict()]))).toThrow("unhashable type: 'dict'");
  });

  it('knows nothing of what objects inherit', () => {
    const dict = new PyDict().set('__proto__', 1);
    expect(dict.has('constructor')).toBe(false);
    expect(Array.from(dict.entries())).toEqual([['__proto__', 1]]);
  });

  it('copies without sharing', () => {
    const dict = new PyDict().set(true, 1);
    dict.copy().set('b', 2);
    expect(Array.from(dict.copy().entries())).toEqual([[true, 1]]);
    dict.clear();
    expect(dict.size).toBe(0);
  });
});

describe('Undefined', () => {
  it('says what it was', () => {
    expect(Undefined.named('x').message).toBe("'x' is undefined");
    expect(Undefined.because('why').message).toBe('why');
  });
});
