import fc from 'fast-check';
import { withBundle } from '../../test/support/bundle';
import { checkBundle } from './check';
import { BundleError } from './errors';
import { markLines, readMarks } from './project/line-map';
import { parseYaml } from './project/yaml';
import { compileQuery } from './query';
import { layoutOf, type Row } from './table';

/** Texts made of pieces that mean something to a front end, and of any characters at all. */
const textOf = (pieces: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'grapheme', maxLength: 6 })), {
      maxLength,
    })
    .map((parts) => parts.join(''));

/** Only what a bundle's author can be told about may be thrown. */
function expectOnlyBundleErrors(run: () => void): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(BundleError);
  }
}

const queryPieces = [
  ...[
    'a',
    'b',
    '`c d`',
    'nope',
    ' ',
    ' and ',
    ' or ',
    ' not ',
    ' in ',
    ' not in ',
    '&',
    '|',
    '~',
    '(',
    ')',
    '[',
    ']',
    ',',
    '.',
    '=',
  ],
  ...[
    '==',
    '!=',
    '<',
    '<=',
    '+',
    '-',
    '*',
    '/',
    '//',
    '%',
    '**',
    "'x'",
    '"1"',
    "'",
    '"',
    '1',
    '2.5',
    '1e999',
    '.5',
    '9'.repeat(40),
  ],
  ...[
    'True',
    'None',
    '.str',
    '.str.lower()',
    '.isnull()',
    '.isin([1])',
    ".str.match('x')",
    ".str.contains('(')",
    '.between(1, 2)',
  ],
  ...['@x', '\\', '#', '\n', '\0', '\ud800', 'case=False', "r'\\d'", '.__class__', 'lambda', ':'],
];

const yamlPieces = [
  ...[
    '\n',
    '\n  ',
    '\n    ',
    '\t',
    ' ',
    ': ',
    '- ',
    ':',
    '? ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '&a ',
    '*a',
    '<<: *a',
    '|\n',
    '>-\n',
    '#',
  ],
  ...[
    '"',
    "'",
    '!!int ',
    '!x ',
    '%YAML 1.2',
    '---\n',
    '...\n',
    'a',
    'b: 1',
    '012',
    '1_000',
    '.inf',
    '2024-01-01',
    'yes',
    '~',
    '\0',
  ],
  ...['\u2028', '\ufeff', '\ud800', '\\x', '@', '`', '"\\u12'],
];

const project = `version: 2
config:
  macros: "{% macro m(x) %}{{ x }}{% endmacro %}"
  parameter_defaults: {P: x}
packages: {}
sources:
  main: {file: s.csv, columns: [a], expect: ["a != ''"]}
transformations:
  {% for n in ['t', 'u'] %}
  {{ n }}:
    source: $sources.main
    operations:
      - {operation: add_columns, columns: {b: "{% raw %}{{ a | upper }}{% endraw %}"}}
      - {operation: filter_rows, query: "a == '1'", behavior: include}
      - {operation: join, sources: [$sources.main], join_type: left, left_key: a, right_key: a}
      - {operation: date_format, column: b, from_format: "%Y", to_format: "%y"}
      - {operation: map_values, column: a, mapping: {x: y}}
  {% endfor %}
destinations:
  out: {source: $transformations.t, template: t.jsont, extension: jsonl, header: "[", linearize: true}
`;

const projectPieces = [
  ...yamlPieces,
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '{% raw %}',
    '{% endraw %}',
    '{% for x in y %}',
    '{% endfor %}',
    '{{ m(1) }}',
    '${P}',
    '$$',
  ],
  ...[
    '{% include "t.jsont" %}',
    '{% import "../x" as y %}',
    'source: ',
    'operation: ',
    'columns: ',
    'null',
    '$sources.main',
    '-',
  ],
];

/** The project with some places overwritten. */
const damagedProject = fc
  .array(fc.tuple(fc.nat(project.length), fc.nat(12), textOf(projectPieces, 3)), { minLength: 1, maxLength: 3 })
  .map((edits) => edits.reduce((text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length), project));

describe('the front ends', () => {
  it('read any query, or say what is wrong with it', () => {
    const layout = layoutOf(['a', 'b', 'c d']);
    const row: Row = ['x', 2, NaN];
    fc.assert(
      fc.property(textOf(queryPieces, 12), (query) => expectOnlyBundleErrors(() => compileQuery(query, layout, {}).holds(row))),
      { seed: 20250401, numRuns: 20_000 },
    );
  });

  it('read any YAML, or say what is wrong with it', () => {
    fc.assert(
      fc.property(textOf(yamlPieces, 25), (text) => expectOnlyBundleErrors(() => parseYaml(text, 'earthmover.yaml'))),
      { seed: 20250401, numRuns: 5_000 },
    );
  });

  it('mark the lines of any text, and only add marks', () => {
    fc.assert(
      fc.property(textOf(projectPieces, 25), (text) => {
        const { rendered, lineOf } = readMarks(markLines(text));
        expect(rendered).toBe(text);
        expect(lineOf(1)).toBeGreaterThan(0);
      }),
      { seed: 20250401, numRuns: 5_000 },
    );
  });

  it('check any project, or say what is wrong with it', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(damagedProject, textOf(projectPieces, 4), async (yaml, template) => {
        const files = { 'earthmover.yaml': yaml, 't.jsont': template, 's.csv': 'a\n1\n' };
        const { problems } = await withBundle(files, ({ directory }) => checkBundle({ directory, params: {}, inputs: {} }));
        found += problems.length;
      }),
      { seed: 20250401, numRuns: 400 },
    );
    expect(found).toBeGreaterThan(100);
  });
});
