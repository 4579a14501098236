import { compileTemplate } from '../jinja';
import { markLines, readMarks } from './line-map';

const render = (source: string): string =>
  compileTemplate(source, {
    file: 'f',
    prelude: [{ file: 'm', source: '{% macro two() %}m1\nm2{% endmacro %}' }],
    load: (name) => ({ file: name, source: 'i1\ni2' }),
  }).render({ x: 'v' });

/** The rendered lines, each with the line it came from. */
function mapped(source: string): string[] {
  const { rendered, lineOf } = readMarks(render(markLines(source)));
  expect(rendered).toBe(render(source));
  return rendered.split('\n').map((line, index) => `${lineOf(index + 1)} ${line}`);
}

describe('line maps', () => {
  it.each<[string, string, string[]]>([
    ['a text without Jinja', 'a\n\n  b\nc', ['1 a', '1 ', '3   b', '4 c']],
    [
      'a loop',
      'h\n{% for i in [1, 2] %}\n  a{{ i }}\n  b\n{% endfor %}\nz',
      ['1 h', '1 ', '3   a1', '4   b', '4 ', '3   a2', '4   b', '4 ', '6 z'],
    ],
    [
      'blanks that tags take away',
      'a:\n  {%- for i in [1, 2] %}\n  - x\n  {%- endfor %}\nb',
      ['1 a:', '3   - x', '3   - x', '5 b'],
    ],
    ['blanks that are taken away after tags', 'a\n{% if true -%}\n\n\n  b\n{% endif %}', ['1 a', '5 b', '5 ']],
    ['lines that are left out', 'a\n{% if false %}\nb\n{% endif %}\nc', ['1 a', '1 ', '5 c']],
    ['values alone on a line', 'a\n{{ x }}\n{{ x }}b', ['1 a', '2 v', '3 vb']],
    ['what a macro prints', 'a\n  {{ two() }}\nb', ['1 a', '2   m1', '2 m2', '3 b']],
    ['what an include prints', 'a\n{% include "x" %}\nb', ['1 a', '1 i1', '1 i2', '3 b']],
    ['raw text', 'a\n{% raw %}{{ b }}\n  {% c %}{% endraw %}\nd', ['1 a', '2 {{ b }}', '3   {% c %}', '4 d']],
    ['comments of several lines', 'a\n{# x\ny "\n#}b\nc', ['1 a', '4 b', '5 c']],
    ['tags of several lines, with ends of tags in texts', 'a\n{% set y = "%}\n" %}\n{{ "}}" }}\nb', ['1 a', '1 ', '4 }}', '5 b']],
    ['several lines on one', 'a\n{%- if true %} b\n{%- endif %} c\nd', ['1 a b c', '4 d']],
    ['braces of dicts in tags', "a\n{% set d = {'k': {'l': 1}} %}{{ {'k': {}} }}b\nc", ['1 a', "2 {'k': {}}b", '3 c']],
    ['a $ before a name', 'a\n${x}\nb', ['1 a', '2 ${x}', '3 b']],
  ])('%s', (_, source, expected) => {
    expect(mapped(source)).toEqual(expected);
  });

  it.each([
    '{% set y %}\nabc{% endset %}{% if y == "\nabc" %}\n\na{% endif %}\nb',
    '{% set y | replace("b", "=") %}abc{% endset %}{{ y | length }}\nb',
    '{% set y = 1 %}{% macro m() %}abc{{ x }}{% endmacro %}\na\n{{ m() | length }}\nb',
    '{% macro m() %}{{ caller() | length }}{% endmacro %}a\n{% call m() %}\nabc\n{% endcall %}\nb',
    '{% filter length %}a\nb{% endfilter %}\nb',
    '{% block b %}a\nb{% endblock %}{{ self.b() | length }}\nb',
    '{% for y in [[1], []] recursive %}\na{% if y %}{{ loop([[]]) | length }}{% endif %}{% endfor %}\nb',
  ])('shows no mark to a template that looks at what it prints: %j', (source) => {
    expect(readMarks(render(markLines(source))).rendered).toBe(render(source));
  });

  it('goes on behind what is looked at', () => {
    expect(mapped('{% set y %}\nabc{% endset %}\na\n{%- macro m() %}\nx{% endmacro %}\nb')).toEqual(['1 ', '3 a', '6 b']);
  });
});
