import { readBundleYaml } from './bundle-yaml';
import { expectedColumns, namesInExpression } from './expected-columns';

const columnsOf = (yaml: string) => expectedColumns(readBundleYaml(yaml), ['INPUT_FILE', 'OTHER_FILE']);
const ofSource = (settings: string, operations = '[]') =>
  columnsOf(`sources: { main: { file: "\${INPUT_FILE}", ${settings} }, seed: { file: ./s.csv, columns: [x] } }
transformations: { t: { source: $sources.main, operations: ${operations} }, u: { source: $transformations.t, operations: [{operation: keep_columns, columns: [z]}] } }`)
    .INPUT_FILE;

describe('the columns that a bundle expects of an input', () => {
  it.each([
    ['columns: [a, b]', '[]', ['a', 'b'], []],
    ['columns: [a, b], optional_fields: [b, c]', '[]', ['a'], ['b', 'c']],
    [`expect: ["score != ''", "grade in ['K', '1'] and not absent"]`, '[]', ['score', 'grade', 'absent'], []],
    ['header_rows: 1', `[{operation: rename_columns, columns: {A B: a}}, {operation: keep_columns, columns: [a, c, 'd*']}]`, ['A B', 'c'], []],
    ['header_rows: 1', `[{operation: add_columns, columns: {n: 1}}, {operation: drop_columns, columns: [n, o]}]`, ['o'], []],
    ['header_rows: 1', '[{operation: filter_rows, query: "`Completion Status` == 1", behavior: include}]', ['Completion Status'], []],
    ['header_rows: 1', '[{operation: modify_columns, columns: {maybe: 1}}, {operation: map_values, column: c}]', ['c'], []],
    ['header_rows: 1', '[{operation: duplicate_columns, columns: {a: b}}, {operation: distinct_rows, columns: [b, c]}]', ['a', 'c'], []],
    ['header_rows: 1', '[{operation: join}, {operation: keep_columns, columns: [from_elsewhere, a]}, ]', undefined, undefined],
    ['columns: [a, "${STUDENT_ID_NAME}"]', '[]', ['a'], []],
    ['columns: [a], rename_cols: true', '[]', undefined, undefined],
  ])('are found in %s and %s', (settings, operations, required, optional) => {
    expect(ofSource(settings, operations)).toEqual(required && { required, optional });
  });

  it.each([
    ['no YAML', ''],
    ['a YAML that is a template', '{% for x in y %}\nsources:\n  {{ x }}: {file: "${INPUT_FILE}", columns: [a]}\n{% endfor %}'],
    ['shapes that there are not', 'sources: [1]\ntransformations: {t: 5}\nconfig: x'],
    ['names that are no texts', 'sources: {main: {file: "${INPUT_FILE}", columns: [1, {a: b}], expect: 5, optional_fields: {a: 1}}}'],
  ])('are none for %s', (_name, yaml) => {
    expect(columnsOf(yaml)).toEqual({});
  });
});

it.each([
  ["score != ''", ['score']],
  ["name | upper == 'X' and value is not none", ['name', 'value']],
  ["row.field == int(other) or 'quoted \\' text'", ['row', 'other']],
  ['true', []],
])('the names in %s', (expression, names) => {
  expect(namesInExpression(expression)).toEqual(names);
});

it('reads the defaults of parameters as texts', () => {
  const yaml = "config: {parameter_defaults: {A: x, B: 5, C: true, D: [1], __proto__: y}}";
  expect(readBundleYaml(yaml).defaults).toMatchObject({ A: 'x', B: '5', C: 'true' });
  expect(readBundleYaml(yaml).defaults).not.toHaveProperty('D');
});
