import { BundleError } from '../errors';
import { PyFloat } from '../python/values';
import { mergeMappings, parseYaml, YamlMapping, type YamlEntry, type YamlValue } from './yaml';

function plain(value: YamlValue): unknown {
  if (value instanceof YamlMapping) {
    return new Map([...value.entries].map(([key, entry]) => [key, plain(entry.value)]));
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

const read = (text: string): unknown => plain(parseYaml(text, 'x.yaml'));

describe('parseYaml', () => {
  it.each([
    ['yes', true],
    ['Off', false],
    ['y', 'y'],
    ['~', null],
    ['012', 10],
    ['0o12', '0o12'],
    ['08', '08'],
    ['1_000', 1000],
    ['1:30', 90],
    ['0x1F', 31],
    ['0b101', 5],
    ['-7', -7],
    ['.5', 0.5],
    ['1.', new PyFloat(1)],
    ['1.0', new PyFloat(1)],
    ['1e5', '1e5'],
    ['1.5e3', '1.5e3'],
    ['1.5e+3', new PyFloat(1500)],
    ['.inf', Infinity],
    ['-.INF', -Infinity],
    ['.nan', NaN],
    ['12345678901234567890', 12345678901234567890n],
    ['2024-01-05', '2024-01-05'],
    ['2024-01-05T01:02:03Z', '2024-01-05 01:02:03+00:00'],
    ['"yes"', 'yes'],
    ["'012'", '012'],
    ['', null],
  ])('reads the scalar %s as PyYAML does', (text, expected) => {
    expect(read(`a: ${text}`)).toEqual(new Map([['a', expected]]));
  });

  it('keeps the types of keys, and the last of equal keys', () => {
    expect(read('1: a\n"1": b\nyes: c\nx: 1\nx: 2')).toEqual(
      new Map<unknown, unknown>([
        [1, 'a'],
        ['1', 'b'],
        [true, 'c'],
        ['x', 2],
      ]),
    );
  });

  it('shares anchored values and merges mappings under the own keys', () => {
    expect(read('base: &b {x: 1, y: 2}\nlist: [*b]\nmine:\n  y: 3\n  <<: *b')).toEqual(
      new Map<string, unknown>([
        [
          'base',
          new Map([
            ['x', 1],
            ['y', 2],
          ]),
        ],
        [
          'list',
          [
            new Map([
              ['x', 1],
              ['y', 2],
            ]),
          ],
        ],
        [
          'mine',
          new Map([
            ['x', 1],
            ['y', 3],
          ]),
        ],
      ]),
    );
  });

  it('lets the closing quote of a text stand left of its key, as rendered Jinja leaves it', () => {
    expect(read("ops:\n  - add:\n      a: '\n        one\n      '\n      b: 2")).toEqual(
      new Map([
        [
          'ops',
          [
            new Map([
              [
                'add',
                new Map<string, unknown>([
                  ['a', ' one '],
                  ['b', 2],
                ]),
              ],
            ]),
          ],
        ],
      ]),
    );
  });

  it('lets a comment follow a quote at once', () => {
    expect(read("a: ''# nothing\nb: \"x\"#y\nc: |\n  it's 'a'#b\n")).toEqual(
      new Map([
        ['a', ''],
        ['b', 'x'],
        ['c', "it's 'a'#b\n"],
      ]),
    );
  });

  it('lets the empty lines of a block scalar have blanks, also where it has no other lines', () => {
    expect(read('a: >\n      \n\n  \nb: |\n      \n  x\n   \n  y\n')).toEqual(
      new Map([
        ['a', ''],
        ['b', '\nx\n \ny\n'],
      ]),
    );
  });

  it('knows the lines of a text', () => {
    const text = "a: x\nb: |\n\n  one\n    two\nc:\n  \"text\"\nd: &d >\n  one\n  two\n\n  three\ne: *d\nf: 'it''s\n\n  so'\n";
    const value = parseYaml(text, 'x.yaml', (line) => line + 100) as YamlMapping;
    const linesOf = (key: string): unknown => {
      const { value: content, textLines } = value.entries.get(key) as YamlEntry;
      return textLines.map(({ offset, line }, index) => [
        line - 100,
        (content as string).slice(offset, textLines[index + 1]?.offset),
      ]);
    };
    expect(linesOf('a')).toEqual([[1, 'x']]);
    expect(linesOf('b')).toEqual([
      [4, '\none\n  '],
      [5, 'two\n'],
    ]);
    expect(linesOf('c')).toEqual([[7, 'text']]);
    const folded = [
      [9, 'one '],
      [10, 'two\n'],
      [12, 'three\n'],
    ];
    expect(linesOf('d')).toEqual(folded);
    expect(linesOf('e')).toEqual(folded);
    expect(linesOf('f')).toEqual([
      [14, "it's\n"],
      [16, 'so'],
    ]);
  });

  it('knows the line of every key', () => {
    const value = parseYaml('a: 1\nb:\n  c: 2\n', 'x.yaml', (line) => line + 9) as YamlMapping;
    expect(value.lineOf('b')).toBe(11);
    expect((value.get('b') as YamlMapping).lineOf('c')).toBe(12);
  });

  it.each(['a: [1, 2', 'a: *nowhere', 'a: 1\n b: 2', '? [1]\n: 2', 'a: 1\n---\nb: 2', '<<: 1', 'a: !<x'])(
    'refuses %j with the line',
    (text) => {
      expect(() => parseYaml(text, 'x.yaml')).toThrow(
        expect.objectContaining({ code: 'bundle_invalid', file: 'x.yaml', line: expect.any(Number) as number }),
      );
    },
  );

  it('does not blow up on aliases of aliases', () => {
    const lines = ['a0: &a0 [x, x]', ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)];
    expect(() => parseYaml(lines.join('\n'), 'x.yaml')).not.toThrow();
  });

  it('refuses a value inside itself', () => {
    expect(() => parseYaml('a: &a\n  b: *a', 'x.yaml')).toThrow(BundleError);
  });
});

describe('mergeMappings', () => {
  it('merges key by key, replaces lists, and lets the second win', () => {
    const base = parseYaml('a: {x: 1, y: [1, 2]}\nb: 1', 'base.yaml') as YamlMapping;
    const over = parseYaml('a: {y: [3]}\nc: 2', 'over.yaml') as YamlMapping;
    expect(plain(mergeMappings(base, over))).toEqual(
      new Map<string, unknown>([
        [
          'a',
          new Map<string, unknown>([
            ['x', 1],
            ['y', [3]],
          ]),
        ],
        ['b', 1],
        ['c', 2],
      ]),
    );
  });
});
