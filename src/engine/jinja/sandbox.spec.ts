import * as fc from 'fast-check';
import { PyDict } from '../python/values';
import { layoutOf } from '../table';
import { compileTemplate, TemplateError } from './index';
import { templateGlobals } from '../project/template-globals';
import { failureOf, render } from './testing';

const hostNames = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__class__',
  '__defineGetter__',
  'process',
  'globalThis',
  'require',
];

describe('templates and the host', () => {
  it.each(hostNames)('have no attribute, item or variable named %s', (name) => {
    for (const value of [
      "''",
      '1',
      '1.5',
      '[]',
      '{}',
      '(1,)',
      'none',
      'true',
      'range',
      'range(2)',
      "('a'|safe)",
      'namespace(a=1)',
      'joiner()',
      'cycler(1)',
      'd.items()',
      '([1]|map("string"))',
    ]) {
      expect(
        render(
          `{{ (${value}).${name} is defined }}{{ (${value})['${name}'] is defined }}{{ (${value})|attr('${name}') is defined }}`,
        ),
      ).toBe('FalseFalseFalse');
    }
    expect(render(`{{ ${name} is defined }}`)).toBe('False');
    expect(failureOf(`{{ ''.${name}.x }}`).detail).toBe(`'str object' has no attribute '${name}'`);
    expect(() => render(`{{ '{0.${name}}'.format('') }}`)).toThrow(TemplateError);
  });

  it('hide loops, macros, modules and self too', () => {
    const source =
      "{% macro m() %}{% endmacro %}{% import 'f' as f %}{% for x in [1] %}{% set lp = loop %}{{ lp.constructor is defined }}{% endfor %}";
    expect(
      render(
        `${source}{{ m.constructor is defined }}{{ f.constructor is defined }}{{ self.constructor is defined }}`,
        {},
        { f: '' },
      ),
    ).toBe('False'.repeat(4));
    expect(failureOf('{{ self._TemplateReference__context.vars.x }}').detail).toContain('has no attribute');
  });

  it('treat columns of such names as any other', () => {
    const columns = ['constructor', '__proto__', 'hasOwnProperty', 'r', 'cx', 'out', 'o', 'at', 'K0'];
    const { renderRow } = compileTemplate(
      `${columns.map((name) => `{{ ${name} }}`).join()}{% set constructor = 'new' %}{{ constructor }}{{ __row_data__['__proto__'] }}`,
      { file: 'a', columns: layoutOf(columns).columns, rowData: 'plain' },
    );
    expect(renderRow(columns.map((_, i) => i))).toBe('0,1,2,3,4,5,6,7,8new1');
    const names = PyDict.fromEntries(columns.map((name) => [name, 1]));
    expect(render('{{ d.__proto__ }}{{ d.constructor }}{% for k in d %}{{ d[k] }}{% endfor %}', { d: names })).toBe(
      '11111111111',
    );
  });

  it('never become code', () => {
    const evil = '\u2028\u2029`${process.exit()}"\'\\u0022);process.exit();//\n*/</script>';
    expect(render(evil.replaceAll('{', '{{ "{" }}'))).toBe(evil);
    expect(render('{{ x[k] }}{{ x|replace(k, "") }}', { x: PyDict.fromEntries([[evil, 'found']]), k: evil })).toContain('found');
  });
});

describe('limits', () => {
  it.each([
    ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', 'maximum recursion depth exceeded'],
    ['{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}', 'maximum recursion depth exceeded'],
    ['{{ range(100001) }}', 'a range of more than 100000 items'],
    ['{{ "x" * 99999999999 }}', 'a text of more than 67108864 characters'],
    ['{{ [1] * 99999999 }}', 'a list of more than 4194304 items'],
    ['{{ 10 ** (10 ** 10) }}', 'a number of more than 131072 bits'],
    [
      '{% set ns = namespace(x=10**1000) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}',
      'a number of more than 131072 bits',
    ],
    [
      '{% set ns = namespace(x="abcdefgh") %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}',
      'a text of more than 67108864 characters',
    ],
    ['{% set l = [1] %}{% for i in range(99) %}{% set _ = l.extend(l) %}{% endfor %}', 'a list of more than 4194304 items'],
    ['{{ "%99999999d" % 1 }}', 'a width or precision of more than 1000000'],
    ['{{ "{:99999999}".format(1) }}', 'a width or precision of more than 1000000'],
    ['{{ 10 ** 5000 }}', 'Exceeds the limit (4300 digits) for integer string conversion'],
    ['{% include "again" %}', 'more than 50 templates in one another'],
  ])('stop %j', (source, detail) => {
    expect(failureOf(source, {}, { again: '{% include "again" %}' }).detail).toBe(detail);
  });

  it.each([
    ['brackets', `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`],
    ['lists', `{{ ${'['.repeat(5000)} }}`],
    ['nots', `{{ ${'not '.repeat(20000)}1 }}`],
    ['minuses', `{{ ${'-'.repeat(20000)}1 }}`],
    ['blocks', '{% if 1 %}'.repeat(5000)],
    ['sums', `{{ ${'a + '.repeat(50000)}1 }}`],
    ['filters', `{{ a${'|list'.repeat(50000)} }}`],
    ['conditions', `{{ ${'1 if 0 else '.repeat(5000)}1 }}`],
  ])('end in an error for too many nested %s', (_what, source) => {
    expect(failureOf(source)).toBeInstanceOf(TemplateError);
  });

  it('do not let a list that contains itself hang', () => {
    expect(render('{% set l = [] %}{% set _ = l.append(l) %}{{ l }}')).toBe('[[...]]');
    expect(() => render('{% set l = [] %}{% set _ = l.append(l) %}{{ l|tojson }}')).toThrow(TemplateError);
    expect(() =>
      render('{% set l = [] %}{% set _ = l.append(l) %}{% set k = [] %}{% set _ = k.append(k) %}{{ l == k }}'),
    ).toThrow(TemplateError);
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      '-',
      ' ',
      '\n',
      'if',
      'for',
      'in',
      'set',
      'x',
      'y',
      'endif',
      'endfor',
      'else',
      'macro',
      'call',
      'loop',
      'is',
      'not',
    ],
    ...[
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '.',
      '|',
      '~',
      '**',
      '//',
      '=',
      '==',
      '<',
      '1',
      '2.5',
      '"a"',
      "'",
      '"',
      '\\',
      'none',
      'range',
      'upper',
      'join',
      'é',
      '\u0000',
    ],
  );

  it('compiles and renders, or is a TemplateError', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
        const source = parts.join('');
        try {
          compileTemplate(source, { file: 'a', globals: templateGlobals }).render({ x: [1, 'a'], y: 'b' });
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
      { seed: 20240601, numRuns: 3000 },
    );
  });

  it('prints what has no tag as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        fc.pre(!/\{[{%#]/.test(text) && !/[\r\n]/.test(text));
        expect(render(text)).toBe(text);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
