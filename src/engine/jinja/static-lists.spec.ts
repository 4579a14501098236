import { layoutOf } from '../table';
import { ByteOutput, compileTemplate, TemplateError } from './index';
import { templateGlobals } from '../project/template-globals';

const columns = ['a', 'b', 'c', 'ns'];

/** What a template gives for a row, which must be the same as text and as bytes. */
function render(source: string, row: readonly string[]): string {
  const options = { file: 'case', globals: templateGlobals, columns: layoutOf(columns).columns, rowData: 'plain' as const };
  const text = compileTemplate(source, options).renderRow(row);
  const output = new ByteOutput(new Uint8Array(4));
  compileTemplate(source, { ...options, sink: 'bytes' }).writeRow(row, output);
  expect(new TextDecoder().decode(output.bytes.subarray(0, output.used))).toBe(text);
  return text;
}

const list = "{% set all = [[a, 'A', 'Level'], [b, 'B', 'Integer'], [c, 'C', 'Level']] %}";
const chosen = `${list}{% set some = [] %}{% for x in all if x[0] %}{% set _ = some.append(x) %}{% endfor %}`;

describe('loops over lists that are written out', () => {
  it.each([
    ['give each element its round', `${list}{% for x in all %}{{ x[1] }}={{ x[0] }};{% endfor %}`, 'A=1;B=;C=3;'],
    [
      'know their places',
      `${list}{% for x in all %}{{ loop.index }}{{ x[1] }}{{ ',' if not loop.last }}{% endfor %}`,
      '1A,2B,3C',
    ],
    ['leave out what fails a test', `${list}{% for x in all if x[0] %}{{ x[1] }}{% endfor %}`, 'AC'],
    [
      'count only what passes a test',
      `${list}{% for x in all if x[0] %}{{ loop.index }}/{{ loop.length }}{{ x[1] }}{% if not loop.last %},{% endif %}{% endfor %}`,
      '1/2A,2/2C',
    ],
    [
      'decide what is known of an element',
      `${list}{% for x in all %}{% if x[2] == 'Level' %}{{ x[1] }}{% endif %}{% endfor %}`,
      'AC',
    ],
    ['unpack', "{% for x, (y, z) in [[a, (b, 'z')]] %}{{ x }}{{ y }}{{ z }}{% endfor %}", '1z'],
    [
      'go through lists in lists',
      "{% for x in [['p', [a, b]], ['q', [c]]] %}{{ x[0] }}{% for y in x[1] if y %}{{ y }}{{ ',' if not loop.last }}{% endfor %}{% endfor %}",
      'p1q3',
    ],
    [
      'compute what is computed once, where the list is made',
      "{% set n = 1 %}{% set l = [[n + 1, 'x']] %}{% set n = 9 %}{% for x in l %}{{ x[0] }}{% endfor %}",
      '2',
    ],
    [
      'go through two lists in one',
      "{% set p = [[a, 'A']] %}{% set q = [[c, 'C']] %}{% for x in p + q %}{{ x[1] }}{{ x[0] }}{% endfor %}",
      'A1C3',
    ],
    ['say what there is if there is nothing', `{% for x in [b] if x %}x{% else %}none{% endfor %}`, 'none'],
    ['say nothing else if there is something', `{% for x in [a, b] if x %}{{ x }}{% else %}none{% endfor %}`, '1'],
    ['keep their variables to themselves', `${list}{% for x in all %}{% set y = x[1] %}{% endfor %}[{{ x }}{{ y }}]`, '[]'],
    [
      'see what a loop around has',
      "{% for i in range(2) %}{% for x in [a, 'z'] %}{{ i }}{{ x }}{{ loop.index }};{% endfor %}{% endfor %}",
      '011;0z2;111;1z2;',
    ],
  ])('%s', (_, source, expected) => {
    expect(render(source, ['1', '', '3', 'n'])).toBe(expected);
  });
});

describe('lists that known elements are appended to', () => {
  it.each([
    [
      'are gone through in order',
      `${chosen}{% for x in some %}{{ x[1] }}{{ x[0] }}{{ ',' if not loop.last }}{% endfor %}`,
      'A1,C3',
    ],
    ['have a length', `${chosen}{{ some|length }}{% if some %}some{% endif %}{% if not some %}none{% endif %}`, '2some'],
    [
      'are new in every round of a loop around',
      '{% for x in [[a, b], [c, a]] %}{% set l = [] %}{% for y in x if y %}{% set _ = l.append(y) %}{% endfor %}{{ l|length }}{% endfor %}',
      '12',
    ],
    [
      'can get an element several times',
      `${list}{% set l = [] %}{% for i in range(2) %}{% for x in all %}{% set _ = l.append(x) %}{% endfor %}{% endfor %}{% for x in l %}{{ x[1] }}{% endfor %}`,
      'ABCABC',
    ],
  ])('%s', (_, source, expected) => {
    expect(render(source, ['1', '', '3', 'n'])).toBe(expected);
  });
});

describe('lists that are needed as values', () => {
  it.each([
    ['printed', `${list}{{ all }}`, "[['1', 'A', 'Level'], ['', 'B', 'Integer'], ['3', 'C', 'Level']]"],
    ['with an index', `${list}{{ all[1][1] }}{% for x in all %}{{ x[1] }}{% endfor %}`, 'BABC'],
    ['by a computed index', `${list}{% for x in all %}{{ x[loop.index0] }}{% endfor %}`, '1BLevel'],
    ['changed', `${list}{% for x in all %}{% set _ = x.append('new') %}{% endfor %}{{ all[0][3] }}`, 'new'],
    ['given to a filter', `${chosen}{{ some|map(attribute=1)|join('+') }}`, 'A+C'],
    [
      'appended to while they are gone through',
      "{% set l = ['x'] %}{% for x in l if l|length < 4 %}{% set _ = l.append('y') %}{{ x }}{% endfor %}",
      'xyy',
    ],
    ['in a macro', `${list}{% macro m() %}{% for x in all %}{{ x[1] }}{% endfor %}{% endmacro %}{{ m() }}`, 'ABC'],
    [
      'assigned in a branch',
      '{% if a %}{% set l = [a] %}{% else %}{% set l = [b] %}{% endif %}{% for x in l %}{{ x }}{% endfor %}',
      '1',
    ],
    [
      'appended to what is read before',
      '{% set l = [] %}{% for i in range(2) %}{% for x in l %}{{ x }}{% endfor %}{% for x in [a] %}{% set _ = l.append(x) %}{% endfor %}{% endfor %}',
      '1',
    ],
    [
      'tested by what the rounds change',
      "{% set seen = [] %}{% for x in [a, a, c] if x not in seen %}{% set _ = seen.append(x) %}{{ x }}{{ ',' if not loop.last }}{% endfor %}",
      '1,3',
    ],
    ['with a loop variable that is assigned', "{% for x in [a, c] %}{% set x = x ~ '!' %}{{ x }}{% endfor %}", '1!3!'],
    [
      'appended unseen',
      "{% set l = [] %}{% for x in [a] %}{% set y = x ~ '!' %}{% set _ = l.append(y) %}{% endfor %}{% for x in l %}{{ x }}{% endfor %}",
      '1!',
    ],
    ['cycled', "{% for x in [a, c] %}{{ loop.cycle('p', 'q') }}{{ x }}{% endfor %}", 'p1q3'],
  ])('%s', (_, source, expected) => {
    expect(render(source, ['1', '', '3', 'n'])).toBe(expected);
  });
});

describe('templates that write bytes', () => {
  it('keep what stands around a column that seldom changes', () => {
    const template = compileTemplate('<{{ ns }}>{{ a }}ł;', { file: 'case', columns: layoutOf(columns).columns, sink: 'bytes' });
    const output = new ByteOutput(new Uint8Array(4));
    const rows = Array.from({ length: 100 }, (_, i) => [`ä${i}`, '', '', `n${i % 3}`]);
    rows.forEach((row) => template.writeRow(row, output));
    const expected = rows.map(([a, , , ns]) => `<${ns}>${a}ł;`).join('');
    expect(new TextDecoder().decode(output.bytes.subarray(0, output.used))).toBe(expected);
  });

  it('give each row its own values where a column has many', () => {
    const { writeRow } = compileTemplate('<{{ a }}|{{ ns }}|{{ b }}{{ c }}>', {
      file: 'case',
      columns: layoutOf(columns).columns,
      sink: 'bytes',
    });
    const output = new ByteOutput(new Uint8Array(8));
    const rows = Array.from({ length: 200 }, (_, i) => [`${i % 7}`, i % 3 === 0 ? 'é'.repeat(300) : `${i}`, `${i % 2}`, 'same']);
    rows.forEach((row) => writeRow(row, output));
    const expected = rows.map(([a, b, c, ns]) => `<${a}|${ns}|${b}${c}>`).join('');
    expect(new TextDecoder().decode(output.bytes.subarray(0, output.used))).toBe(expected);
  });

  it('go through many columns in the same way', () => {
    const names = Array.from({ length: 40 }, (_, i) => `col${i}`);
    const source = `{% set all = [${names.map((name, i) => `['K${i}', [(${name}, 'first'), (${name}, "n${i}")]]`).join(', ')}] %}
      {%- set some = [] %}{% for x in all %}{% for y in x[1] if y[0] not in ['-', ''] %}{% set _ = some.append(x) %}{% endfor %}{% endfor %}
      {%- for x in some %}{{ x[0] }}:{% for y in x[1] if y[0] %}{{ y[1] }}={{ y[0] | int }}{{ ',' if not loop.last }}{% endfor %};{% endfor %}`;
    const { writeRow } = compileTemplate(source, { file: 'case', columns: layoutOf(names).columns, sink: 'bytes' });
    const row = names.map((_, i) => ['', '-', `${i}`][i % 3] as string);
    const output = new ByteOutput(new Uint8Array(8));
    writeRow(row, output);
    const chosen = names.map((_, i) => i).filter((i) => i % 3 === 2);
    const expected = chosen.map((i) => `K${i}:first=${i},n${i}=${i};`.repeat(2)).join('');
    expect(new TextDecoder().decode(output.bytes.subarray(0, output.used))).toBe(expected);
  });

  it('say where they fail', () => {
    expect(() => render('{% for x in [[a, "A"]] %}\n{{ x[0] + 1 }}{% endfor %}', ['1', '', '', ''])).toThrow(TemplateError);
    expect(() => render('{% for x in [[a, "A"]] %}\n{{ x[0] + 1 }}{% endfor %}', ['1', '', '', ''])).toThrow('case:2:');
  });
});
