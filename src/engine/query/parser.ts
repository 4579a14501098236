import { pyFloat, pyInt, type Value } from '../python/values';
import type { ArithmeticOperator, ComparisonOperator, QueryArgument, QueryNode } from './ast';
import { QuerySyntaxError, tokenize, type Token } from './lexer';

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const maxDepth = 200;

/**
 * Reads a query of `filter_rows`: Python's expressions as pandas takes them, where `&` and `|` bind like `and` and `or`.
 *
 * @throws QuerySyntaxError
 */
export function parseQuery(query: string): QueryNode {
  return new QueryParser(tokenize(query)).parse();
}

class QueryParser {
  private index = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): QueryNode {
    const node = this.or();
    if (this.token.kind !== 'end') {
      throw this.unexpected();
    }
    return node;
  }

  private get token(): Token {
    return this.tokens[this.index] as Token;
  }

  private or(): QueryNode {
    if (++this.depth > maxDepth) {
      throw new QuerySyntaxError('the query is nested too deeply', this.token.position);
    }
    let left = this.and();
    while (this.take('|', 'or')) {
      left = { kind: 'or', left, right: this.and(), position: left.position };
    }
    this.depth--;
    return left;
  }

  private and(): QueryNode {
    let left = this.not();
    while (this.take('&', 'and')) {
      left = { kind: 'and', left, right: this.not(), position: left.position };
    }
    return left;
  }

  private not(): QueryNode {
    const { position } = this.token;
    let negations = 0;
    while (this.take('not')) {
      negations++;
    }
    let node = this.comparison();
    for (; negations > 0; negations--) {
      node = { kind: 'not', operand: node, position };
    }
    return node;
  }

  /** `a < b < c` is `a < b and b < c`. */
  private comparison(): QueryNode {
    let left = this.sum();
    let result: QueryNode | undefined;
    for (let operator = this.comparisonOperator(); operator !== undefined; operator = this.comparisonOperator()) {
      const right = this.sum();
      const comparison: QueryNode = { kind: 'comparison', operator, left, right, position: left.position };
      result = result === undefined ? comparison : { kind: 'and', left: result, right: comparison, position: result.position };
      left = right;
    }
    return result ?? left;
  }

  private comparisonOperator(): ComparisonOperator | undefined {
    const { kind, text } = this.token;
    if (kind === 'operator' && comparisons.has(text)) {
      this.index++;
      return text as ComparisonOperator;
    }
    if (this.take('in')) {
      return 'in';
    }
    const next = this.tokens[this.index + 1];
    if (kind === 'name' && text === 'not' && next?.kind === 'name' && next.text === 'in') {
      this.index += 2;
      return 'not in';
    }
    return undefined;
  }

  private sum(): QueryNode {
    return this.leftAssociative(['+', '-'], () => this.product());
  }

  private product(): QueryNode {
    return this.leftAssociative(['*', '/', '//', '%'], () => this.unary());
  }

  private leftAssociative(operators: readonly ArithmeticOperator[], operand: () => QueryNode): QueryNode {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => this.take(candidate));
      if (operator === undefined) {
        return left;
      }
      left = { kind: 'arithmetic', operator, left, right: operand(), position: left.position };
    }
  }

  private unary(): QueryNode {
    const { position } = this.token;
    if (this.take('-')) {
      return { kind: 'negate', operand: this.unary(), position };
    }
    if (this.take('+')) {
      return this.unary();
    }
    if (this.take('~')) {
      return { kind: 'not', operand: this.unary(), position };
    }
    const base = this.postfix();
    return this.take('**') ? { kind: 'arithmetic', operator: '**', left: base, right: this.unary(), position } : base;
  }

  private postfix(): QueryNode {
    let node = this.primary();
    while (this.take('.')) {
      const path = [this.attribute()];
      while (this.take('.')) {
        path.push(this.attribute());
      }
      this.expect('(');
      node = { kind: 'call', object: node, path, args: this.callArguments(), position: node.position };
    }
    return node;
  }

  private attribute(): string {
    const token = this.token;
    if (token.kind !== 'name') {
      throw this.unexpected();
    }
    this.index++;
    return token.text;
  }

  private callArguments(): QueryArgument[] {
    const args: QueryArgument[] = [];
    while (!this.take(')')) {
      args.push(this.callArgument());
      if (!this.take(',')) {
        this.expect(')');
        break;
      }
    }
    return args;
  }

  private callArgument(): QueryArgument {
    const { kind, text } = this.token;
    const next = this.tokens[this.index + 1];
    if (kind === 'name' && next?.kind === 'operator' && next.text === '=') {
      this.index += 2;
      return { name: text, value: this.or() };
    }
    return { value: this.or() };
  }

  private primary(): QueryNode {
    const { kind, text, position } = this.token;
    this.index++;
    switch (kind) {
      case 'column':
        return { kind: 'column', name: text, position };
      case 'name':
        return this.nameOrConstant(text, position);
      case 'int':
        return { kind: 'literal', value: pyInt(BigInt(text)), position };
      case 'float':
        return { kind: 'literal', value: pyFloat(Number(text)), position };
      case 'text':
        return { kind: 'literal', value: text + this.adjacentTexts(), position };
      case 'operator':
        if (text === '(' || text === '[') {
          return this.bracketed(text, position);
        }
        break;
      case 'end':
        throw new QuerySyntaxError('the query is not complete', position);
    }
    this.index--;
    throw this.unexpected();
  }

  private nameOrConstant(text: string, position: number): QueryNode {
    const constant = constants.get(text);
    if (constant !== undefined) {
      return { kind: 'literal', value: constant, position };
    }
    if (['and', 'or', 'not', 'in', 'is', 'if', 'else', 'lambda'].includes(text)) {
      this.index--;
      throw this.unexpected();
    }
    return { kind: 'column', name: text, position };
  }

  private adjacentTexts(): string {
    let text = '';
    while (this.token.kind === 'text') {
      text += this.token.text;
      this.index++;
    }
    return text;
  }

  /** Parentheses around one expression, or a tuple or list of several. */
  private bracketed(open: string, position: number): QueryNode {
    const close = open === '(' ? ')' : ']';
    const items: QueryNode[] = [];
    let isList = open === '[';
    while (!this.take(close)) {
      items.push(this.or());
      if (this.take(',')) {
        isList = true;
      } else {
        this.expect(close);
        break;
      }
    }
    const [only] = items;
    return !isList && only !== undefined ? only : { kind: 'list', items, position };
  }

  /** Goes past the token if it is one of these operators or words. */
  private take(...texts: readonly string[]): boolean {
    const { kind, text } = this.token;
    const taken = (kind === 'operator' || kind === 'name') && texts.includes(text);
    this.index += taken ? 1 : 0;
    return taken;
  }

  private expect(text: string): void {
    if (!this.take(text)) {
      throw this.unexpected(`\`${text}\``);
    }
  }

  private unexpected(wanted?: string): QuerySyntaxError {
    const { kind, text, position } = this.token;
    const found = kind === 'end' ? 'the end' : `\`${text}\``;
    return new QuerySyntaxError(
      wanted === undefined ? `${found} is not expected` : `${wanted} is expected before ${found}`,
      position,
    );
  }
}
