import { parseIntText } from '../python/numbers';
import { pyFloat, type Value } from '../python/values';
import type { Arguments, Call, Expression, Filter } from './ast';
import type { Position } from './errors';
import { describe, matches, type TokenStream } from './token-stream';

/** Python refuses as many brackets in one another; our own stack would hold more. */
const maxNesting = 200;

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
export interface TupleOptions {
  /** Only names and literals, for the targets of assignments. */
  readonly simplified?: boolean;
  /** Without `a if b else c`, where an `if` has another meaning. */
  readonly withoutConditional?: boolean;
  /** A name that ends the tuple. */
  readonly endName?: string;
  /** Whether it stands in parentheses, where `()` is the empty tuple. */
  readonly parenthesized?: boolean;
}

/** Parses what operators stand between: literals, names, brackets, and what follows them of calls, subscripts, filters and tests. */
export abstract class OperandParser {
  private depth = 0;

  constructor(protected readonly stream: TokenStream) {}

  /** One expression, or several with commas between as a tuple. @throws TemplateError */
  abstract parseTuple(options?: TupleOptions): Expression;

  /** @throws TemplateError */
  abstract parseExpression(withoutConditional?: boolean): Expression;

  protected nested<T>(parse: () => T): T {
    if (++this.depth > maxNesting) {
      throw this.stream.error(`more than ${maxNesting} expressions in one another`);
    }
    const result = parse();
    this.depth--;
    return result;
  }

  protected parsePrimary(): Expression {
    const { stream } = this;
    const position = stream.position();
    const token = stream.current;
    switch (token.type) {
      case 'name': {
        stream.next();
        const constant = constants.get(token.value);
        return constant === undefined
          ? { kind: 'name', name: token.value, position }
          : { kind: 'const', value: constant, position };
      }
      case 'string': {
        let text = '';
        while (stream.is('string')) {
          text += stream.next().value;
        }
        return { kind: 'const', value: text, position };
      }
      case 'integer':
        stream.next();
        return { kind: 'const', value: parseIntText(token.value, 0) ?? 0, position };
      case 'float':
        stream.next();
        return { kind: 'const', value: pyFloat(Number(token.value)), position };
      default:
        return this.parseBracketed(position);
    }
  }

  private parseBracketed(position: Position): Expression {
    const { stream } = this;
    if (stream.skip('operator', '(')) {
      const tuple = this.nested(() => this.parseTuple({ parenthesized: true }));
      stream.expect('operator', ')');
      return tuple;
    }
    if (stream.skip('operator', '[')) {
      return { kind: 'list', items: this.parseItems(']', () => this.parseExpression()), position };
    }
    if (stream.skip('operator', '{')) {
      const items = this.parseItems('}', () => {
        const key = this.parseExpression();
        stream.expect('operator', ':');
        return { key, value: this.parseExpression() };
      });
      return { kind: 'dict', items, position };
    }
    throw stream.error(`unexpected ${describe(stream.current.type, stream.current.value)}`);
  }

  /** Items with commas between and perhaps after, and the closing bracket. */
  private parseItems<T>(closer: string, parse: () => T): T[] {
    const items: T[] = [];
    while (!this.stream.skip('operator', closer)) {
      if (items.length > 0) {
        this.stream.expect('operator', ',');
        if (this.stream.skip('operator', closer)) {
          break;
        }
      }
      items.push(parse());
    }
    return items;
  }

  protected parsePostfix(start: Expression): Expression {
    let result = start;
    for (;;) {
      if (this.stream.isOperator('.')) {
        result = this.parseAttribute(result);
      } else if (this.stream.isOperator('[')) {
        result = this.parseSubscript(result);
      } else if (this.stream.isOperator('(')) {
        result = this.parseCall(result);
      } else {
        return result;
      }
    }
  }

  protected parseFilters(start: Expression): Expression {
    let result = start;
    for (;;) {
      if (this.stream.isOperator('|')) {
        this.stream.next();
        result = this.parseFilter(result);
      } else if (this.stream.isName('is')) {
        result = this.parseTest(result);
      } else if (this.stream.isOperator('(')) {
        result = this.parseCall(result);
      } else {
        return result;
      }
    }
  }

  private parseAttribute(object: Expression): Expression {
    const { stream } = this;
    const position = stream.position();
    stream.expect('operator', '.');
    if (stream.is('integer')) {
      const key: Expression = { kind: 'const', value: parseIntText(stream.next().value, 0) ?? 0, position };
      return { kind: 'item', object, key, position };
    }
    if (!stream.is('name')) {
      throw stream.error('expected name or number');
    }
    return { kind: 'attribute', object, name: stream.next().value, position };
  }

  private parseSubscript(object: Expression): Expression {
    const { stream } = this;
    const position = stream.position();
    stream.expect('operator', '[');
    const keys = this.parseItems(']', () => this.parseSubscribed(object, position));
    const [only] = keys;
    if (keys.length === 1 && only) {
      return only.kind === 'slice' && only.object === object ? only : { kind: 'item', object, key: only, position };
    }
    return { kind: 'item', object, key: { kind: 'tuple', items: keys, position }, position };
  }

  /** A key, or the slice of the object if there is a colon. */
  private parseSubscribed(object: Expression, position: Position): Expression {
    const { stream } = this;
    const start = stream.isOperator(':') ? undefined : this.parseExpression();
    if (start && !stream.isOperator(':')) {
      return start;
    }
    stream.expect('operator', ':');
    const bound = (): Expression | undefined => (stream.isOperator(':', ']', ',') ? undefined : this.parseExpression());
    const stop = bound();
    const step = stream.skip('operator', ':') ? bound() : undefined;
    return { kind: 'slice', object, start, stop, step, position };
  }

  private parseCall(callee: Expression): Call {
    const position = this.stream.position();
    return { kind: 'call', callee, args: this.parseArguments(), position };
  }

  private parseArguments(): Arguments {
    const { stream } = this;
    const opening = stream.expect('operator', '(');
    const positional: Expression[] = [];
    const named: { name: string; value: Expression }[] = [];
    let rest: Expression | undefined;
    let namedRest: Expression | undefined;
    const ensure = (valid: boolean): void => {
      if (!valid) {
        throw stream.error('invalid syntax for function call expression', opening);
      }
    };
    this.parseItems(')', () => {
      if (stream.skip('operator', '*')) {
        ensure(!rest && !namedRest);
        rest = this.parseExpression();
      } else if (stream.skip('operator', '**')) {
        ensure(!namedRest);
        namedRest = this.parseExpression();
      } else if (stream.is('name') && matches(stream.ahead, 'operator', '=')) {
        ensure(!namedRest);
        const name = stream.next().value;
        stream.next();
        ensure(!named.some((other) => other.name === name));
        named.push({ name, value: this.parseExpression() });
      } else {
        ensure(!rest && !namedRest && named.length === 0);
        positional.push(this.parseExpression());
      }
    });
    return { positional, named, rest, namedRest };
  }

  /** A filter's name and arguments; the bar before it is read already. */
  protected parseFilter(input: Expression | undefined): Filter {
    const position = this.stream.position();
    const name = this.parseDottedName();
    return { kind: 'filter', name, input, args: this.parseOptionalArguments(), position };
  }

  private parseOptionalArguments(): Arguments {
    return this.stream.isOperator('(') ? this.parseArguments() : noArguments;
  }

  private parseDottedName(): string {
    let name = this.stream.expect('name').value;
    while (this.stream.skip('operator', '.')) {
      name += `.${this.stream.expect('name').value}`;
    }
    return name;
  }

  private parseTest(input: Expression): Expression {
    const { stream } = this;
    const position = stream.position();
    stream.expect('name', 'is');
    const negated = stream.skip('name', 'not');
    const name = this.parseDottedName();
    let args = this.parseOptionalArguments();
    if (args === noArguments && this.atTestArgument()) {
      if (stream.isName('is')) {
        throw stream.error('You cannot chain multiple tests with is');
      }
      args = { ...noArguments, positional: [this.parsePostfix(this.parsePrimary())] };
    }
    const test: Expression = { kind: 'test', name, input, args, position };
    return negated ? { kind: 'not', operand: test, position } : test;
  }

  /** Whether the test's one argument follows without parentheses. */
  private atTestArgument(): boolean {
    const { stream } = this;
    const startsValue = ['name', 'string', 'integer', 'float'].includes(stream.current.type) || stream.isOperator('[', '{');
    return startsValue && !stream.isName('else', 'or', 'and');
  }
}

const noArguments: Arguments = { positional: [], named: [], rest: undefined, namedRest: undefined };
