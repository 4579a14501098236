import { TemplateError } from './errors';
import type { Token, TokenType } from './lexer';
import type { SourceText } from './source';

/** The parser's look at the tokens: one token is current, and one may be seen ahead. */
export class TokenStream {
  private index = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly source: SourceText,
  ) {}

  get current(): Token {
    return this.tokens[this.index] as Token;
  }

  get ahead(): Token {
    return (this.tokens[this.index + 1] ?? this.tokens.at(-1)) as Token;
  }

  next(): Token {
    const token = this.current;
    if (token.type !== 'eof') {
      this.index++;
    }
    return token;
  }

  is(type: TokenType, value?: string): boolean {
    return matches(this.current, type, value);
  }

  isName(...names: readonly string[]): boolean {
    return this.current.type === 'name' && names.includes(this.current.value);
  }

  isOperator(...operators: readonly string[]): boolean {
    return this.current.type === 'operator' && operators.includes(this.current.value);
  }

  /** Goes past the token if it is the one; says whether it was. */
  skip(type: TokenType, value?: string): boolean {
    const found = this.is(type, value);
    if (found) {
      this.next();
    }
    return found;
  }

  /** @throws TemplateError if the current token is another */
  expect(type: TokenType, value?: string): Token {
    if (!this.is(type, value)) {
      throw this.error(
        this.current.type === 'eof'
          ? `unexpected end of template, expected ${describe(type, value ?? '')}`
          : `expected ${describe(type, value ?? '')}, got ${describe(this.current.type, this.current.value)}`,
      );
    }
    return this.next();
  }

  position(token: Token = this.current) {
    return this.source.positionAt(token.offset);
  }

  error(detail: string, token: Token = this.current): TemplateError {
    return new TemplateError(detail, this.position(token));
  }
}

export function matches(token: Token, type: TokenType, value?: string): boolean {
  return token.type === type && (value === undefined || token.value === value);
}

const descriptions: Readonly<Record<TokenType, string>> = {
  data: 'text',
  variable_begin: 'begin of print statement',
  variable_end: 'end of print statement',
  block_begin: 'begin of statement block',
  block_end: 'end of statement block',
  name: 'a name',
  string: 'a string',
  integer: 'an integer',
  float: 'a number',
  operator: 'an operator',
  eof: 'end of template',
};

export function describe(type: TokenType, value: string): string {
  return value !== '' && ['name', 'operator'].includes(type) ? `'${value}'` : descriptions[type];
}
