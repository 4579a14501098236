import { tokenize } from './lexer';
import { parseTemplate } from './parser';
import { SourceText } from './source';
import { withoutUnusedMacros } from './unused-macros';

function keptMacros(text: string): string[] {
  const source = new SourceText([{ source: text, file: 'case', linearize: false }]);
  return withoutUnusedMacros(parseTemplate(tokenize(source), source)).flatMap((statement) =>
    statement.kind === 'macro' ? [statement.name] : [],
  );
}

const macros = '{% macro a(x) %}{{ x }}{% endmacro %}{% macro b(x) %}{{ a(x) }}{% endmacro %}{% macro c() %}{% endmacro %}';

describe('unused macros', () => {
  it.each([
    ['nothing names them', '{{ x }} a b c', []],
    ['one is called', '{{ a(1) }}', ['a']],
    ['one is called by another', '{{ b(1) }}', ['a', 'b']],
    ['one is named as a value', '{% for m in [c] %}{{ m() }}{% endfor %}', ['c']],
    ['one is the call of a call block', '{% call(y) c() %}{% endcall %}', ['c']],
    ['an include may name any', '{% include "x" %}', ['a', 'b', 'c']],
  ])('are left out: %s', (_, template, kept) => {
    expect(keptMacros(macros + template)).toEqual(kept);
  });
});
