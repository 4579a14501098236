import type { For } from './ast';
import { maxDepth, type Codegen, type Place } from './codegen';
import { TemplateError } from './errors';
import { Scope, type Variable } from './scope';
import { inlineLoopNames, seriesLoop } from './unit-builder';
import { generateUnrolledLoop } from './unrolled-loop-codegen';
import { allStatements, ownExpressions, readNames, subexpressions, targetNames, bodiesOf } from './walk';
import type { Expression, Statement } from './ast';

/** Writes a `for` loop. A list is gone through by index, so that the loop sees what its body appends. */
export function generateLoop(codegen: Codegen, node: For, place: Place): void {
  for (const statement of allStatements([node])) {
    if (assignsLoop(statement)) {
      throw new TemplateError("Can't assign to special loop variable in for-loop target", statement.position);
    }
  }
  if (generateUnrolledLoop(codegen, node, place)) {
    return;
  }
  if (node.recursive) {
    recursiveLoop(codegen, node, place);
  } else {
    new LoopCodegen(codegen, node, place).emit(codegen.expressions.expression(node.iterable, place), '0', undefined);
  }
}

function assignsLoop(statement: Statement): boolean {
  switch (statement.kind) {
    case 'for':
      return targetNames(statement.target).includes('loop');
    case 'set':
    case 'set-block':
      return statement.target.kind !== 'namespace-target' && targetNames(statement.target).includes('loop');
    default:
      return false;
  }
}

/** The loop as a function of what it goes through and its depth, which `loop(…)` in its body calls again. */
function recursiveLoop(codegen: Codegen, node: For, place: Place): void {
  const { emitter } = codegen.unit;
  const name = emitter.fresh('f');
  const [items, level] = [emitter.fresh('p'), emitter.fresh('p')];
  const body = emitter.functionBody(() => {
    emitter.line(`if (++depth > ${maxDepth}) { tooDeep(); }`);
    new LoopCodegen(codegen, node, { ...place, guarded: false }).emit(items, level, name);
    emitter.line('depth--;');
    emitter.finish();
  });
  emitter.line(`const ${name} = (${items}, ${level}) => {\n${body}};`);
  codegen.unit.mark(node.position);
  emitter.print(`${name}(${codegen.expressions.expression(node.iterable, place)}, 0)`);
}

class LoopCodegen {
  private readonly scope: Scope;
  private readonly loop: Variable | undefined;
  private readonly series: string;
  private readonly items: string;
  private readonly index: string;

  constructor(
    private readonly codegen: Codegen,
    private readonly node: For,
    private readonly place: Place,
  ) {
    const { emitter } = codegen.unit;
    this.scope = new Scope(place.scope);
    this.series = emitter.fresh('s');
    this.items = emitter.fresh('a');
    this.index = emitter.fresh('i');
    const usesLoop = node.recursive || readNames(node.body, ['loop']).size > 0 || hasScopedBlock(node.body);
    this.loop = usesLoop ? this.scope.declareParameter('loop') : undefined;
    this.scope.analyseLoopBody(node);
  }

  /** @param iterable code for what to go through; @param recursive the name of the loop's function, if it has one */
  emit(iterable: string, level: string, recursive: string | undefined): void {
    const { node, codegen } = this;
    const { emitter } = codegen.unit;
    const { series, items, index } = this;
    codegen.unit.mark(node.iterable.position);
    emitter.line('{');
    const inlineTest = node.test && !this.loop;
    emitter.line(`const ${series} = ${node.test && !inlineTest ? this.filteredSeries(iterable) : `seriesOf(${iterable})`};`);
    emitter.line(`const ${items} = itemsOf(${series});`);
    const empty = node.otherwise.length > 0 ? codegen.declare('true') : undefined;
    const loopObject = this.declareLoop(level, recursive);
    emitter.line(
      `for (let ${index} = 0; ${index} < ${items}.length || (${series} !== ${items} && ${series}.pull()); ${index}++) {`,
    );
    if (inlineTest) {
      this.skipUnlessTest();
    }
    if (loopObject !== undefined) {
      emitter.line(`${loopObject}.index0 = ${index};`);
    }
    this.iteration();
    if (empty !== undefined) {
      emitter.line(`${empty} = false;`);
    }
    emitter.line('}');
    if (empty !== undefined) {
      this.otherwise(empty);
    }
    emitter.line('}');
  }

  /** One rendering of the body. */
  private iteration(): void {
    const { codegen, node, scope } = this;
    for (const variable of scope.own()) {
      if (variable.load.kind === 'parameter' && variable !== this.loop) {
        codegen.unit.setCode(variable, codegen.declare(undefined));
      }
    }
    const inner: Place = { ...this.place, scope, toplevel: false, repeated: true };
    codegen.assign(node.target, `${this.items}[${this.index}]`, inner);
    codegen.enter(inner);
    codegen.body(node.body, inner);
  }

  /** The loop object, if the body needs more than the plain variables. */
  private declareLoop(level: string, recursive: string | undefined): string | undefined {
    const { codegen, loop, series } = this;
    if (!loop) {
      return undefined;
    }
    if (recursive === undefined && !needsObject(this.node.body)) {
      codegen.unit.setLoop(loop, seriesLoop({ series, items: this.items, index: this.index }));
      return undefined;
    }
    const name = codegen.declare(`loopContext(${series}, ${level}, ${recursive ?? 'undefined'})`);
    codegen.unit.setCode(loop, name);
    return name;
  }

  /** The scope of the loop's test: its own, in which `loop` is that of the loop around. */
  private testPlace(): Place {
    const scope = new Scope(this.place.scope);
    scope.analyseLoopTest(this.node);
    const place: Place = { ...this.place, scope, toplevel: false };
    this.codegen.declareParameters(scope);
    this.codegen.enter(place);
    return place;
  }

  private skipUnlessTest(): void {
    const { codegen, node } = this;
    const { emitter } = codegen.unit;
    emitter.line('{');
    this.test(`${this.items}[${this.index}]`, (condition) => emitter.line(`if (!${condition}) { continue; }`));
    emitter.line('}');
    codegen.unit.mark(node.position);
  }

  /** Code for a series of the items that pass the test, which asks as the loop goes on. */
  private filteredSeries(iterable: string): string {
    const { emitter } = this.codegen.unit;
    const item = emitter.fresh('p');
    const body = emitter.functionBody(() => this.test(item, (condition) => emitter.line(`return ${condition};`)));
    return `filteredSeries(${iterable}, (${item}) => {\n${body}})`;
  }

  private test(item: string, emit: (condition: string) => void): void {
    const { codegen, node } = this;
    if (!node.test) {
      return;
    }
    const inner = this.testPlace();
    codegen.assign(node.target, item, inner);
    codegen.unit.mark(node.test.position);
    emit(codegen.expressions.condition(node.test, inner));
  }

  private otherwise(empty: string): void {
    const { codegen, node } = this;
    const { emitter } = codegen.unit;
    emitter.line(`if (${empty}) {`);
    const scope = new Scope(this.place.scope);
    scope.analyseStatements(node.otherwise);
    const inner: Place = { ...this.place, scope, toplevel: false };
    codegen.enter(inner);
    codegen.body(node.otherwise, inner);
    emitter.line('}');
  }
}

function hasScopedBlock(body: readonly Statement[]): boolean {
  return allStatements(body).some((statement) => statement.kind === 'block' && statement.scoped);
}

/** Whether something in the body sees all local variables, `loop` too if the body has one. */
function seesByName(body: readonly Statement[]): boolean {
  return allStatements(body).some((statement) => {
    switch (statement.kind) {
      case 'include':
      case 'import':
      case 'from-import':
        return statement.withContext;
      case 'block':
        return statement.scoped;
      default:
        return false;
    }
  });
}

/** Whether the body uses `loop` in a way that plain JavaScript variables do not serve. */
export function needsObject(body: readonly Statement[]): boolean {
  return (
    seesByName(body) || body.some((statement) => ownExpressions(statement).some(usesObject) || needsObject(bodiesOf(statement)))
  );
}

function usesObject(expression: Expression): boolean {
  if (expression.kind === 'attribute' && expression.object.kind === 'name' && inlineLoopNames.has(expression.name)) {
    return false;
  }
  return (expression.kind === 'name' && expression.name === 'loop') || subexpressions(expression).some(usesObject);
}
