import type { BinaryOperator, CompareOperator, Expression } from './ast';
import { OperandParser, type TupleOptions } from './operand-parser';
import type { TokenType } from './lexer';
import { describe, matches } from './token-stream';

/** Operators that an expression ends before. */
const closers: ReadonlySet<string> = new Set([',', ':', ')', ']', '}']);

function isLiteral(type: TokenType): boolean {
  return type === 'string' || type === 'integer' || type === 'float';
}

const comparisons = ['==', '!=', '<', '<=', '>', '>='];

/** Parses expressions by Jinja's precedence, which has `|` and `is` bind tighter than every operator but `.`, `[]` and `()`. */
export class ExpressionParser extends OperandParser {
  /** One expression, or several with commas between as a tuple. @throws TemplateError */
  override parseTuple(options: TupleOptions = {}): Expression {
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
  override parseExpression(withoutConditional = false): Expression {
    // What bundles' lists and dicts are full of need not be looked at from each level of precedence.
    if (isLiteral(this.stream.current.type) && matches(this.stream.ahead, 'operator') && closers.has(this.stream.ahead.value)) {
      return this.parsePrimary();
    }
    return this.nested(() => (withoutConditional ? this.parseOr() : this.parseConditional()));
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
}
