import { PyDict, PyFloat } from '../python/values';
import { layoutOf } from '../table';
import { compileExpression, compileTemplate, TemplateError, type CompileOptions } from './index';
import { templateGlobals } from '../project/template-globals';

function template(source: string, options: Partial<CompileOptions> = {}) {
  return compileTemplate(source, { file: 'a.jsont', globals: templateGlobals, ...options });
}

function errorOf(run: () => unknown): TemplateError {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) {
      return error;
    }
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('compileTemplate', () => {
  it('reads columns through __row_data__ without making a dict of all', () => {
    const options = { columns: layoutOf(['a b', 'c']).columns, rowData: 'plain' as const };
    const { variables, renderRow } = template("{{ __row_data__['a b'] }}{{ __row_data__.get('c') }}", options);
    expect(variables).toEqual(new Set(['a b', 'c']));
    expect(renderRow(['x', null])).toBe('xNone');
    expect(template("{{ __row_data__['d'] }}{{ __row_data__['c'] }}", options).renderRow(['x', 'y'])).toBe('y');
    const changed = template("{% set _ = __row_data__.update(c='new') %}{{ __row_data__['c'] }}", options);
    expect(changed.renderRow(['x', 'y'])).toBe('new');
  });

  it('reads a context of an object, a map or a function', () => {
    const { render } = template('{{ a }}');
    expect(render({ a: 1 })).toBe('1');
    expect(render(new Map([['a', 2]]))).toBe('2');
    expect(render((name) => (name === 'a' ? 3 : undefined))).toBe('3');
  });

  it('reads a row by the places of its columns', () => {
    const { renderRow } = template('{{ b }}-{{ a }}-{{ c }}', { columns: layoutOf(['a', 'b']).columns });
    expect(renderRow(['x', new PyFloat(1)])).toBe('1.0-x-');
  });

  it('lets a column hide a global of its name', () => {
    expect(template('{{ range }}', { columns: layoutOf(['range']).columns }).renderRow(['mine'])).toBe('mine');
    expect(template('{{ range(2)|list }}', { columns: layoutOf(['a']).columns }).renderRow(['x'])).toBe('[0, 1]');
  });

  it('looks a column up by a computed name', () => {
    const source = "{% for n in [1, 2] %}{{ self._TemplateReference__context.resolve('c' ~ n) }};{% endfor %}";
    expect(template(source, { columns: layoutOf(['c1', 'c2']).columns }).renderRow(['x', null])).toBe('x;None;');
  });

  it('shows the row as a dict, in which changes last for one rendering', () => {
    const plain = template("{{ __row_data__ }}{% set _ = __row_data__.update(a='y') %}{{ __row_data__['a'] }}{{ a }}", {
      columns: layoutOf(['a', 'b c']).columns,
      rowData: 'plain',
    });
    expect(plain.renderRow(['x', 1])).toBe("{'a': 'x', 'b c': 1}yx");
    expect(plain.renderRow(['z', 2])).toBe("{'a': 'z', 'b c': 2}yz");
  });

  it('puts the row into itself as its last entry for destinations', () => {
    const { renderRow } = template('{{ __row_data__.keys()|list }}{{ __row_data__.__row_data__.a }}', {
      columns: layoutOf(['a']).columns,
      rowData: 'recursive',
    });
    expect(renderRow(['x'])).toBe("['a', '__row_data__']x");
  });

  it('has no name __row_data__ unless asked', () => {
    expect(template('{{ __row_data__ is defined }}', { columns: layoutOf(['a']).columns }).renderRow(['x'])).toBe('False');
  });

  it.each([
    ['{{ a }}{% if b %}{{ c.d }}{% endif %}{{ e["f"] }}', ['a', 'b', 'c', 'e']],
    ['{% set x = a %}{{ x }}{% for y in b %}{{ y }}{{ loop.index }}{% endfor %}', ['a', 'b']],
    ['{% macro m(p, q=a) %}{{ p }}{{ b }}{{ varargs }}{% endmacro %}{{ m(c) }}', ['a', 'b', 'c']],
    ['{% if false %}{% set s = 1 %}{% endif %}{{ s }}', ['s']],
    ['{{ range(1) }}{{ md5("x") }}', ['range', 'md5']],
    ['{% include "part" %}', ['inner']],
    ['{% from "part" import z %}{{ z }}', []],
    ['{% block x %}{{ a }}{% endblock %}', ['a']],
    ['{% with v = a %}{{ v }}{% endwith %}{% filter replace(b, "") %}{{ c }}{% endfilter %}', ['a', 'b', 'c']],
  ])('says what %j can read', (source, names) => {
    const load = (path: string) => (path === 'part' ? { source: '{{ inner }}{% set z = 1 %}', file: 'part' } : undefined);
    expect(template(source, { load }).variables).toEqual(new Set(names));
  });

  it.each([
    '{{ __row_data__ }}',
    "{{ self._TemplateReference__context.resolve('a') }}",
    '{% include a %}',
    '{% extends "x" %}',
    '{% import a as b with context %}',
  ])('does not pretend to know what %j can read', (source) => {
    expect(template(source, { columns: layoutOf(['a']).columns, rowData: 'plain' }).variables).toBeUndefined();
  });

  it('puts a prelude directly before the text, and knows both files', () => {
    const prelude = [{ source: 'p {%- macro m(x) %}\n<{{ x.y.z }}>{% endmacro -%}', file: 'macros.yaml', line: 10 }];
    const compiled = template('\n {{ m(v) }}', { prelude, line: 5 });
    expect(compiled.render({ v: PyDict.fromEntries([['y', PyDict.fromEntries([['z', 1]])]]) })).toBe('p\n<1>');
    expect(errorOf(() => compiled.render({ v: 1 }))).toMatchObject({ file: 'macros.yaml', line: 11 });
    expect(errorOf(() => template('\n{{ a.b.c }}', { prelude, line: 5 }).render({}))).toMatchObject({
      file: 'a.jsont',
      line: 6,
      column: 7,
    });
  });

  it('makes white space of the source one blank, but not that of the prelude, and keeps the lines', () => {
    const prelude = [{ source: '{% set x %}\n\n{% endset %}', file: 'm' }];
    expect(template(' a\n\t b\u2003\u00a0c\n', { prelude, linearize: true }).render({})).toBe(' a b c ');
    expect(template('{{ x }}', { prelude, linearize: true }).render({})).toBe('\n\n');
    expect(errorOf(() => template('{\n\n  "a":\n   {{ b + }}', { linearize: true }))).toMatchObject({
      line: 4,
      column: 11,
      file: 'a.jsont',
    });
    expect(errorOf(() => template('{\n\n "a":\n {{ b.c.d }}', { linearize: true }).render({ b: 1 }))).toMatchObject({ line: 4 });
  });

  it('names the place and the reason of an error', () => {
    const error = errorOf(() => template('a\n{% if x %}\n  {{ 1 + "a" }}{% endif %}', { line: 3 }).render({ x: true }));
    expect(error.message).toBe(`a.jsont:5:6: unsupported operand type(s) for +: 'int' and 'str'`);
    expect(error.detail).toBe(`unsupported operand type(s) for +: 'int' and 'str'`);
  });

  it('renders after an error as before', () => {
    const { render } = template('{% macro m(x) %}{{ x.a.b }}{% endmacro %}{{ m(v) }}');
    for (let i = 0; i < 400; i++) {
      expect(() => render({ v: 1 })).toThrow(TemplateError);
    }
    expect(render({ v: PyDict.fromEntries([['a', PyDict.fromEntries([['b', 'fine']])]]) })).toBe('fine');
  });

  it('does not carry what one rendering changes into the next', () => {
    const { render } = template('{% set l = [1, [2]] %}{% set _ = l[1].append(x) %}{{ l }}');
    expect(render({ x: 1 })).toBe('[1, [2, 1]]');
    expect(render({ x: 2 })).toBe('[1, [2, 2]]');
  });

  it('refuses a row where no columns were named', () => {
    expect(() => template('a').renderRow([])).toThrow('the template is not compiled for rows and text');
  });
});

describe('compileExpression', () => {
  it('gives the value itself', () => {
    const { evaluate, variables } = compileExpression('[a + 1, b is defined]', { file: 'a' });
    expect(evaluate({ a: 2 })).toEqual([3, false]);
    expect(variables).toEqual(new Set(['a', 'b']));
  });

  it.each(['a b', '', '{{ a }}', 'a }}'])('refuses %j', (source) => {
    expect(() => compileExpression(source, { file: 'a' })).toThrow(TemplateError);
  });

  it('places errors', () => {
    expect(errorOf(() => compileExpression('a.b.c', { file: 'x', line: 7 }).evaluate({}))).toMatchObject({ line: 7, file: 'x' });
  });
});
