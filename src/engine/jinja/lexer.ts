import { whitespaceClass, stripRight } from '../python/text';
import { TemplateError } from './errors';
import type { SourceText } from './source';
import { unescapeString } from './string-literal';

export type TokenType =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'eof';

export interface Token {
  readonly type: TokenType;
  /** The text; of a string the characters it stands for, of numbers the digits without underscores. */
  readonly value: string;
  readonly offset: number;
}

const space = `[${whitespaceClass}]`;
const patterns = {
  opening: /\{[%{#]/g,
  raw: new RegExp(`\\{%[-+]?${space}*raw${space}*(?:-%\\}${space}*|%\\})`, 'y'),
  rawEnd: new RegExp(`\\{%([-+]?)${space}*endraw${space}*(?:\\+%\\}|-%\\}${space}*|%\\})`, 'g'),
  commentEnd: new RegExp(`-#\\}${space}*|\\+?#\\}`, 'g'),
  block_end: new RegExp(`-%\\}${space}*|\\+?%\\}`, 'y'),
  variable_end: new RegExp(`-\\}\\}${space}*|\\}\\}`, 'y'),
  space: new RegExp(`${space}+`, 'y'),
  float: /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy,
  integer: /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy,
  name: /[\p{XID_Continue}]+/uy,
  string: /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y,
  operator: /\*\*|\/\/|==|!=|>=|<=|[-+*/%~[\](){}<>=.:|,;]/y,
};
const identifier = /^[\p{XID_Start}_]/u;
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Splits a template into tokens, white space control applied. @throws TemplateError */
export function tokenize(source: SourceText): Token[] {
  return new Lexer(source).run();
}

/** The tokens of an expression alone. @throws TemplateError */
export function tokenizeExpression(source: SourceText): Token[] {
  return new Lexer(source).runExpression();
}

class Lexer {
  private readonly text: string;
  private readonly tokens: Token[] = [];
  private at = 0;

  constructor(private readonly source: SourceText) {
    this.text = source.text;
  }

  run(): Token[] {
    while (this.at < this.text.length) {
      patterns.opening.lastIndex = this.at;
      const opening = patterns.opening.exec(this.text);
      if (!opening) {
        this.push('data', this.text.slice(this.at), this.at);
        break;
      }
      this.openTag(opening.index);
    }
    this.push('eof', '', this.text.length);
    return this.tokens;
  }

  runExpression(): Token[] {
    this.push('variable_begin', '', 0);
    this.tag(undefined);
    this.push('variable_end', '', this.text.length);
    this.push('eof', '', this.text.length);
    return this.tokens;
  }

  private openTag(start: number): void {
    const raw = this.match(patterns.raw, start);
    const sign = this.text[start + 2] ?? '';
    this.data(start, sign);
    this.at = start + (sign === '-' || sign === '+' ? 3 : 2);
    if (raw !== undefined) {
      this.at = start + raw.length;
      this.rawBlock(start);
      return;
    }
    switch (this.text[start + 1]) {
      case '#':
        this.comment(start);
        return;
      case '%':
        this.push('block_begin', '{%', start);
        this.tag('block_end');
        return;
      default:
        this.push('variable_begin', '{{', start);
        this.tag('variable_end');
    }
  }

  private data(end: number, sign: string): void {
    const text = this.text.slice(this.at, end);
    this.push('data', sign === '-' ? stripRight(text) : text, this.at);
  }

  private rawBlock(start: number): void {
    patterns.rawEnd.lastIndex = this.at;
    const end = patterns.rawEnd.exec(this.text);
    if (!end) {
      throw this.error('Missing end of raw directive', start);
    }
    this.data(end.index, end[1] ?? '');
    this.at = end.index + end[0].length;
  }

  private comment(start: number): void {
    patterns.commentEnd.lastIndex = this.at;
    const end = patterns.commentEnd.exec(this.text);
    if (!end) {
      throw this.error('Missing end of comment tag', start);
    }
    this.at = end.index + end[0].length;
  }

  /** The inside of a tag up to its end, which does not count inside of brackets; without `ending`, up to the end of the text. */
  private tag(ending: 'block_end' | 'variable_end' | undefined): void {
    const open: string[] = [];
    while (this.at < this.text.length) {
      const end = ending !== undefined && open.length === 0 ? this.match(patterns[ending], this.at) : undefined;
      if (ending !== undefined && end !== undefined) {
        this.push(ending, end, this.at);
        this.at += end.length;
        return;
      }
      this.at += this.inside(open).length;
    }
  }

  /** One token inside of a tag; returns its text. */
  private inside(open: string[]): string {
    const blank = this.match(patterns.space, this.at);
    if (blank !== undefined) {
      return blank;
    }
    for (const type of ['float', 'integer'] as const) {
      const digits = this.match(patterns[type], this.at);
      if (digits !== undefined) {
        this.push(type, digits.replaceAll('_', ''), this.at);
        return digits;
      }
    }
    const name = this.match(patterns.name, this.at);
    if (name !== undefined) {
      if (!identifier.test(name)) {
        throw this.error('Invalid character in identifier', this.at);
      }
      this.push('name', name, this.at);
      return name;
    }
    const string = this.match(patterns.string, this.at);
    if (string !== undefined) {
      const value = unescapeString(string.slice(1, -1));
      if (value.kind === 'malformed') {
        throw this.error(value.detail, this.at);
      }
      this.push('string', value.text, this.at);
      return string;
    }
    const operator = this.match(patterns.operator, this.at);
    if (operator === undefined) {
      throw this.error(`unexpected char '${String.fromCodePoint(this.text.codePointAt(this.at) ?? 0)}'`, this.at);
    }
    this.balance(operator, open);
    this.push('operator', operator, this.at);
    return operator;
  }

  private balance(operator: string, open: string[]): void {
    const closer = closers[operator];
    if (closer !== undefined) {
      open.push(closer);
    } else if (operator === ')' || operator === ']' || operator === '}') {
      const expected = open.pop();
      if (expected !== operator) {
        throw this.error(
          expected === undefined ? `unexpected '${operator}'` : `unexpected '${operator}', expected '${expected}'`,
          this.at,
        );
      }
    }
  }

  private match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0];
  }

  private push(type: TokenType, value: string, offset: number): void {
    if (type !== 'data' || value !== '') {
      this.tokens.push({ type, value, offset });
    }
  }

  private error(detail: string, offset: number): TemplateError {
    return new TemplateError(detail, this.source.positionAt(offset));
  }
}
