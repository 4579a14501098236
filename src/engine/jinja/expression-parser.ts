import { parseIntText } from '../python/numbers';
import { pyFloat, type Value } from '../python/values';
import type { Arguments, BinaryOperator, Call, CompareOperator, Expression, Filter } from './ast';
import type { Position } from './errors';
import { matches, type TokenStream, describe } from './token-stream';

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
const comparisons = ['==', '!=', '<', '<=', '>', '>='];

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

/** Parses expressions by Jinja's precedence, which has `|` and `is` bind tighter than every operator but `.`, `[]` and `()`. */
export class ExpressionParser {
  private depth = 0;

  constructor(protected readonly stream: TokenStream) {}

  /** One expression, or several with commas between as a tuple. @throws TemplateError */
  parseTuple(options: TupleOptions = {}): Expression {
    const position = this.stream.position();
    const items: Expression[] = [];
    let isTuple = false;
    while (!this.atTupleEnd(options.endName)) {
      items.push(options.simplified ? this.parsePrimary() : this.parseExpression(options.withoutConditional));
      if (!this.stream.skip('operator', ',')) {
        break;
      }
      isTuple = true;
    }
    const [only] = items;
    if (!isTuple && only) {
      return only;
    }
    if (!isTuple && !options.parenthesized) {
      throw this.stream.error(`Expected an expression, got ${describe(this.stream.current.type, this.stream.current.value)}`);
    }
    return { kind: 'tuple', items, position };
  }

  private atTupleEnd(endName: string | undefined): boolean {
    const { stream } = this;
    return (
      stream.is('variable_end') ||
      stream.is('block_end') ||
      stream.isOperator(')') ||
      (endName !== undefined && stream.isName(endName))
    );
  }

  /** @throws TemplateError */
  parseExpression(withoutConditional = false): Expression {
    return this.nested(() => (withoutConditional ? this.parseOr() : this.parseConditional()));
  }

  private nested<T>(parse: () => T): T {
    if (++this.depth > maxNesting) {
      throw this.stream.error(`more than ${maxNesting} expressions in one another`);
    }
    const result = parse();
    this.depth--;
    return result;
  }

  private parseConditional(): Expression {
    const position = this.stream.position();
    let result = this.parseOr();
    while (this.stream.skip('name', 'if')) {
      const test = this.parseOr();
      const whenFalse = this.stream.skip('name', 'else') ? this.nested(() => this.parseConditional()) : undefined;
      result = { kind: 'conditional', test, whenTrue: result, whenFalse, position };
    }
    return result;
  }

  private parseOr(): Expression {
    const position = this.stream.position();
    let left = this.parseAnd();
    while (this.stream.skip('name', 'or')) {
      left = { kind: 'or', left, right: this.parseAnd(), position };
    }
    return left;
  }

  private parseAnd(): Expression {
    const position = this.stream.position();
    let left = this.parseNot();
    while (this.stream.skip('name', 'and')) {
      left = { kind: 'and', left, right: this.parseNot(), position };
    }
    return left;
  }

  private parseNot(): Expression {
    const position = this.stream.position();
    return this.stream.skip('name', 'not')
      ? { kind: 'not', operand: this.nested(() => this.parseNot()), position }
      : this.parseCompare();
  }

  private parseCompare(): Expression {
    const position = this.stream.position();
    const first = this.parseSum();
    const rest: { operator: CompareOperator; operand: Expression }[] = [];
    for (let operator = this.compareOperator(); operator; operator = this.compareOperator()) {
      rest.push({ operator, operand: this.parseSum() });
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, position };
  }

  private compareOperator(): CompareOperator | undefined {
    const { stream } = this;
    if (stream.isOperator(...comparisons)) {
      return stream.next().value as CompareOperator;
    }
    if (stream.skip('name', 'in')) {
      return 'in';
    }
    if (stream.isName('not') && matches(stream.ahead, 'name', 'in')) {
      stream.next();
      stream.next();
      return 'not in';
    }
    return undefined;
  }

  private parseSum(): Expression {
    return this.parseBinary(['+', '-'], () => this.parseConcat());
  }

  private parseConcat(): Expression {
    const position = this.stream.position();
    const first = this.parseProduct();
    const parts = [first];
    while (this.stream.skip('operator', '~')) {
      parts.push(this.parseProduct());
    }
    return parts.length === 1 ? first : { kind: 'concat', parts, position };
  }

  private parseProduct(): Expression {
    return this.parseBinary(['*', '/', '//', '%'], () => this.parsePower());
  }

  /** Left to right, unlike Python's `**`. */
  private parsePower(): Expression {
    return this.parseBinary(['**'], () => this.parseUnary(true));
  }

  private parseBinary(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    const position = this.stream.position();
    let left = operand();
    while (this.stream.isOperator(...operators)) {
      const operator = this.stream.next().value as BinaryOperator;
      left = { kind: 'binary', operator, left, right: operand(), position };
    }
    return left;
  }

  private parseUnary(withFilter: boolean): Expression {
    const { stream } = this;
    const position = stream.position();
    let result: Expression;
    if (stream.isOperator('-', '+')) {
      const kind = stream.next().value === '-' ? 'negate' : 'positive';
      result = { kind, operand: this.nested(() => this.parseUnary(false)), position };
    } else {
      result = this.parsePrimary();
    }
    result = this.parsePostfix(result);
    return withFilter ? this.parseFilters(result) : result;
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

  private parsePostfix(start: Expression): Expression {
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

  private parseFilters(start: Expression): Expression {
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
