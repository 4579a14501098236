import { TemplateError } from './errors';
import { tokenize, type Token } from './lexer';
import { SourceText } from './source';

function sourceOf(text: string): SourceText {
  return new SourceText([{ source: text, file: 'file', linearize: false }]);
}

function tokensOf(text: string): string[] {
  return tokenize(sourceOf(text)).map(({ type, value }: Token) => `${type} ${value}`);
}

describe('tokenize', () => {
  const tables: readonly (readonly [source: string, tokens: readonly string[]])[] = [
    ['', ['eof ']],
    ['a', ['data a', 'eof ']],
    ['a{{ b }}', ['data a', 'variable_begin {{', 'name b', 'variable_end }}', 'eof ']],
    ['{{1_0.5e-3}}', ['variable_begin {{', 'float 10.5e-3', 'variable_end }}', 'eof ']],
    [
      '{{x.1.2}}',
      ['variable_begin {{', 'name x', 'operator .', 'integer 1', 'operator .', 'integer 2', 'variable_end }}', 'eof '],
    ],
    [
      '{{0x_F//2**3}}',
      ['variable_begin {{', 'integer 0xF', 'operator //', 'integer 2', 'operator **', 'integer 3', 'variable_end }}', 'eof '],
    ],
    [
      '{{{"}}":"a\\n"}}}',
      ['variable_begin {{', 'operator {', 'string }}', 'operator :', 'string a\n', 'operator }', 'variable_end }}', 'eof '],
    ],
    ['{{"\\x41\\u00e9\\101\\q"}}', ['variable_begin {{', 'string Aé' + 'A\\q', 'variable_end }}', 'eof ']],
    ['{{ naïve_1 }}', ['variable_begin {{', 'name naïve_1', 'variable_end }}', 'eof ']],
    ['a \n{%- if x -%}\n b', ['data a', 'block_begin {%', 'name if', 'name x', 'block_end -%}\n ', 'data b', 'eof ']],
    ['a {#- no -#} b', ['data a', 'data b', 'eof ']],
    ['{#- -#}', ['eof ']],
    ['{#-#}x', ['data x', 'eof ']],
    ['a {%- raw %} {{ b }} {% endraw -%} c', ['data a', 'data  {{ b }} ', 'data c', 'eof ']],
    ['{%+ if x +%} y', ['block_begin {%', 'name if', 'name x', 'block_end +%}', 'data  y', 'eof ']],
    ['line\n', ['data line', 'eof ']],
    ['a\r\nb\rc', ['data a\nb\nc', 'eof ']],
    ['{ { } % #', ['data { { } % #', 'eof ']],
  ];

  it.each(tables)('splits %j', (source, tokens) => {
    expect(tokensOf(source)).toEqual(tokens);
  });

  it('takes what Python calls white space, and no more, for it', () => {
    expect(tokensOf('a\u0085\u001c{%- x -%}\u2003\u00a0b')).toEqual([
      'data a',
      'block_begin {%',
      'name x',
      'block_end -%}\u2003\u00a0',
      'data b',
      'eof ',
    ]);
    expect(tokensOf('a\ufeff{%- x %}')[0]).toBe('data a\ufeff');
  });

  it('knows where each token is', () => {
    const source = sourceOf('one\n  {{ two\n }}');
    const name = tokenize(source).find(({ type }) => type === 'name');
    expect(source.positionAt(name?.offset ?? 0)).toEqual({ file: 'file', line: 2, column: 6 });
  });

  it('points at what it cannot read', () => {
    const error = (text: string): unknown => {
      try {
        return tokenize(sourceOf(text));
      } catch (thrown) {
        return thrown instanceof TemplateError ? [thrown.detail, thrown.line, thrown.column] : thrown;
      }
    };
    expect(error('a\n{{ b ? }}')).toEqual(["unexpected char '?'", 2, 6]);
    expect(error('{{ (b] }}')).toEqual(["unexpected ']', expected ')'", 1, 6]);
    expect(error('{# a')).toEqual(['Missing end of comment tag', 1, 1]);
    expect(error('x{% raw %}{{ a }}')).toEqual(['Missing end of raw directive', 1, 2]);
  });
});
