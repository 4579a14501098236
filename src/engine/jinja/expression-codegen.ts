import { bindArguments } from '../python/arguments';
import type { Value } from '../python/values';
import { Undefined } from '../python/values';
import type { Arguments, Attribute, Call, Expression, Filter, Name, Sequence, Test } from './ast';
import { TemplateError } from './errors';
import { filters } from './filters';
import { conditionCode, whenText } from './condition-codegen';
import { binaryOperations } from './operations';
import { rowDataKey } from './row-data';
import type { Scope, Variable } from './scope';
import { appendedElement } from './static-append';
import type { Callable } from './table';
import { NotStatic } from './static-lists';
import { tests } from './tests';
import type { UnitBuilder } from './unit-builder';

/** Where an expression stands. */
export interface Surroundings {
  readonly scope: Scope;
  /** Under an `if`: an unknown filter is an error only if it is reached, so that `is filter` can ask first. */
  readonly soft: boolean;
  /** The code of the variable that holds the filter block's text, for its first filter. */
  readonly captured?: string;
}

/** Writes the JavaScript of expressions. Every method returns code for a `Value`, `condition` code for a boolean. */
export class ExpressionCodegen {
  constructor(private readonly unit: UnitBuilder) {}

  expression(node: Expression, around: Surroundings): string {
    const folded = this.unit.folder.fold(node);
    return folded ? this.unit.literal(folded.value) : this.unfolded(node, around);
  }

  private unfolded(node: Expression, around: Surroundings): string {
    const column = this.unit.rowDataAsColumns ? rowDataKey(node) : undefined;
    const columnCode = column === undefined ? undefined : this.unit.columnCode(column);
    if (columnCode !== undefined) {
      return columnCode;
    }
    switch (node.kind) {
      case 'const':
        return this.unit.literal(node.value);
      case 'computed':
        return node.code;
      case 'name':
        return this.name(node, around);
      case 'list':
      case 'tuple':
        return this.sequence(node, around);
      case 'dict':
        return `dictOf([${node.items.map(({ key, value }) => `[${this.expression(key, around)}, ${this.expression(value, around)}]`).join(', ')}])`;
      case 'conditional':
        return this.conditional(node, around);
      case 'and':
      case 'or': {
        const left = this.unit.emitter.temporary();
        const kept = `truthy(${left} = ${this.expression(node.left, around)})`;
        const right = this.expression(node.right, around);
        return node.kind === 'and' ? `(${kept} ? ${right} : ${left})` : `(${kept} ? ${left} : ${right})`;
      }
      case 'not':
      case 'compare':
      case 'test':
        return this.condition(node, around);
      case 'negate':
      case 'positive':
        return `${node.kind}(${this.expression(node.operand, around)})`;
      case 'binary':
        return `${binaryOperations[node.operator].name}(${this.expression(node.left, around)}, ${this.expression(node.right, around)})`;
      case 'concat':
        return `checkedText(${node.parts.map((part) => this.text(part, around)).join(' + ')})`;
      case 'filter':
        return this.filter(node, around);
      case 'attribute':
        return this.attribute(node, around);
      case 'item':
        return `getItem(${this.expression(node.object, around)}, ${this.expression(node.key, around)})`;
      case 'slice':
        return `slice(${[node.object, node.start, node.stop, node.step].map((part) => (part ? this.expression(part, around) : 'null')).join(', ')})`;
      case 'call':
        return this.call(node, around);
    }
  }

  /** Code for the string that printing the expression gives. */
  text(node: Expression, around: Surroundings): string {
    if (node.kind === 'concat' && !this.unit.folder.fold(node)) {
      return this.expression(node, around);
    }
    return whenText(this.expression(node, around), 'str', (code) => code);
  }

  /** Code for the truth of the expression. */
  condition(node: Expression, around: Surroundings): string {
    return conditionCode(this, this.unit, node, around);
  }

  private sequence(node: Sequence, around: Surroundings): string {
    const origins = this.unit.statics.origins(node);
    if (origins) {
      throw new NotStatic(origins);
    }
    const items = `[${this.list(node.items, around)}]`;
    return node.kind === 'list' ? items : `tupleOf(${items})`;
  }

  private list(items: readonly Expression[], around: Surroundings): string {
    return items.map((item) => this.expression(item, around)).join(', ');
  }

  /** A variable, or the undefined value of its name if it was not assigned. */
  private name(node: Name, { scope }: Surroundings): string {
    const variable = scope.variable(node.name);
    this.unit.statics.readValue(variable);
    const code = this.unit.codeOf(variable);
    return this.canBeUnset(variable) ? `(${code} === undefined ? ${this.unit.undefinedNamed(node.name)} : ${code})` : code;
  }

  /** Parameters always have a value where code reads them, and so has what is given to the template. */
  private canBeUnset(variable: Variable): boolean {
    return variable.load.kind === 'outer' || variable.load.kind === 'unset' || this.unit.isFallible(variable);
  }

  private conditional(node: Extract<Expression, { kind: 'conditional' }>, around: Surroundings): string {
    const soft = { ...around, soft: true };
    const otherwise = node.whenFalse
      ? this.expression(node.whenFalse, soft)
      : this.unit.constant(
          Undefined.because(
            `the inline if-expression on line ${node.position.line} evaluated to false and no else section was defined.`,
          ),
        );
    return `(${this.condition(node.test, soft)} ? ${this.expression(node.whenTrue, soft)} : ${otherwise})`;
  }

  /** Code for the length of a list that is no value. */
  staticLength(node: Expression, { scope }: Surroundings): string | undefined {
    const { statics, emitter } = this.unit;
    const variable = node.kind === 'name' ? scope.find(node.name) : undefined;
    const accumulator = statics.accumulator(variable, emitter.owner);
    const list = statics.list(variable, emitter.owner);
    return accumulator ? `${accumulator.numbers}.length` : list && String(list.elements.length);
  }

  private filter(node: Filter, around: Surroundings): string {
    const plainLength = (node.name === 'length' || node.name === 'count') && hasNoArguments(node.args);
    const known = plainLength && node.input ? this.staticLength(node.input, around) : undefined;
    if (known !== undefined) {
      return known;
    }
    const input = node.input ? this.expression(node.input, around) : (around.captured ?? '""');
    const plain = hasNoArguments(node.args);
    if (plain && (node.name === 'length' || node.name === 'count')) {
      return `length(${input})`;
    }
    if (plain && node.name === 'string') {
      return `str(${input})`;
    }
    return this.apply('filter', node, filters.get(node.name), input, around);
  }

  test(node: Test, around: Surroundings): string {
    const input = this.expression(node.input, around);
    switch (hasNoArguments(node.args) ? node.name : '') {
      case 'none':
        return `(${input} === null)`;
      case 'defined':
        return `!isUndefined(${input})`;
      case 'undefined':
        return `isUndefined(${input})`;
      default:
        return this.apply('test', node, tests.get(node.name), input, around);
    }
  }

  /** A call of a table's row: its arguments in order here, if they are known, and else when it runs. */
  private apply<R extends Value>(
    kind: 'filter' | 'test',
    node: Filter | Test,
    callable: Callable<R> | undefined,
    input: string,
    around: Surroundings,
  ): string {
    if (!callable) {
      if (!around.soft) {
        throw new TemplateError(`No ${kind} named '${node.name}'.`, node.position);
      }
      return `unknownCallable("${kind}", ${this.unit.quote(node.name)})`;
    }
    const row = this.unit.constant(callable);
    const ordered = callable.open ? undefined : this.orderedArguments(node, callable, around);
    if (ordered === undefined) {
      return `apply(${row}, ${this.unit.quote(node.name)}, ${input}, ${this.args(node.args, around)}, ${this.kwargs(node.args, around)})`;
    }
    return `${this.unit.constant(callable.call)}(${input}, ${ordered}, host)`;
  }

  /** The arguments by the row's parameters, or undefined if they are not known yet or do not fit. */
  private orderedArguments(node: Filter | Test, callable: Callable<Value>, around: Surroundings): string | undefined {
    const { positional, named, rest, namedRest } = node.args;
    if (rest || namedRest) {
      return undefined;
    }
    const expressions = new Map<Value, Expression>();
    const placeholder = (expression: Expression): Value => {
      const key = `argument ${expressions.size}`;
      expressions.set(key, expression);
      return key;
    };
    let bound: readonly (Value | undefined)[];
    try {
      bound = bindArguments(
        node.name,
        callable.parameters,
        positional.map(placeholder),
        new Map(named.map(({ name, value }) => [name, placeholder(value)])),
      );
    } catch {
      return undefined;
    }
    const inOrder = Array.from(bound, (key) => (key === undefined ? undefined : expressions.get(key)));
    const constants = inOrder.map((expression) => (expression ? this.unit.folder.fold(expression) : { value: undefined }));
    if (constants.every((constant) => constant !== undefined)) {
      return this.unit.constant(constants.map((constant) => constant.value));
    }
    return `[${inOrder.map((expression) => (expression ? this.expression(expression, around) : 'undefined')).join(', ')}]`;
  }

  private attribute(node: Attribute, around: Surroundings): string {
    return (
      this.loopAttribute(node, around) ?? `getAttribute(${this.expression(node.object, around)}, ${this.unit.quote(node.name)})`
    );
  }

  /** Code for an attribute of `loop` that needs no loop object. */
  loopAttribute({ object, name }: Attribute, { scope }: Surroundings): string | undefined {
    const loop = object.kind === 'name' ? this.unit.loopOf(scope.variable(object.name)) : undefined;
    return loop?.(name);
  }

  private call(node: Call, around: Surroundings): string {
    const { callee } = node;
    if (callee.kind !== 'attribute') {
      return this.callWith(node, around, undefined);
    }
    if (isContextResolve(callee)) {
      return `cx.resolve(${node.args.positional.map((argument) => this.expression(argument, around)).join(', ')})`;
    }
    const [only] = node.args.positional;
    const appended = appendedElement(this, this.unit, node, around);
    if (appended !== undefined) {
      return appended;
    }
    const object = this.expression(callee.object, around);
    if (callee.name === 'append' && only && node.args.positional.length === 1 && hasNoNamedOrRest(node.args)) {
      return `append(${object}, ${this.expression(only, around)})`;
    }
    const kwargs = this.kwargs(node.args, around);
    return `invoke(${object}, ${this.unit.quote(callee.name)}, ${this.args(node.args, around)}${kwargs === 'undefined' ? '' : `, ${kwargs}`})`;
  }

  /** A call, with the body of a call block as `caller` if there is one. */
  callWith(node: Call, around: Surroundings, caller: string | undefined): string {
    const kwargs = this.kwargs(node.args, around, caller);
    return `call(${this.expression(node.callee, around)}, ${this.args(node.args, around)}${kwargs === 'undefined' ? '' : `, ${kwargs}`})`;
  }

  private args({ positional, rest }: Arguments, around: Surroundings): string {
    const spread = rest ? [`...toArray(${this.expression(rest, around)})`] : [];
    return `[${[...positional.map((argument) => this.expression(argument, around)), ...spread].join(', ')}]`;
  }

  private kwargs({ named, namedRest }: Arguments, around: Surroundings, caller?: string): string {
    if (named.length === 0 && !namedRest && caller === undefined) {
      return 'undefined';
    }
    const pairs = named.map(({ name, value }) => `[${this.unit.quote(name)}, ${this.expression(value, around)}]`);
    if (caller !== undefined) {
      pairs.push(`["caller", ${caller}]`);
    }
    return `keywords([${pairs.join(', ')}], ${namedRest ? this.expression(namedRest, around) : 'undefined'})`;
  }
}

export function hasNoNamedOrRest({ named, rest, namedRest }: Arguments): boolean {
  return named.length === 0 && !rest && !namedRest;
}

export function hasNoArguments(args: Arguments): boolean {
  return args.positional.length === 0 && hasNoNamedOrRest(args);
}

/** `self._TemplateReference__context.resolve`, by which bundles look a variable up by a computed name. */
export function isContextResolve({ object, name }: Attribute): boolean {
  return (
    name === 'resolve' &&
    object.kind === 'attribute' &&
    object.name === '_TemplateReference__context' &&
    object.object.kind === 'name' &&
    object.object.name === 'self'
  );
}
