import type { Expression, For, Statement, Target } from './ast';
import type { Codegen, Place } from './codegen';
import { needsObject } from './loop-codegen';
import { runtime } from './runtime';
import { Scope } from './scope';
import { shareRounds } from './shared-rounds';
import { staticList } from './static-codegen';
import { isSequence, NotStatic, type Accumulator, type StaticList } from './static-lists';
import { isSubstitutable, substituteExpression, substituteStatements } from './substitute';
import { allExpressions, readNames, targetNames, withSubexpressions } from './walk';
import { arrayLoop, type InlineLoop } from './unit-builder';
import type { Value } from '../python/values';

/** Writes a loop over known elements with each element's own code; false if it is not over such. @throws NotStatic */
export function generateUnrolledLoop(codegen: Codegen, node: For, place: Place): boolean {
  const { statics, emitter } = codegen.unit;
  const { line, column, file } = node.position;
  const variable = node.iterable.kind === 'name' ? place.scope.find(node.iterable.name) : undefined;
  const accumulator = statics.accumulator(variable, emitter.owner);
  const list = accumulator ?? staticList(codegen, node.iterable, place, `${file}:${line}:${column}`);
  if (list === undefined) {
    return false;
  }
  const isPlain = !node.recursive && !needsObject(node.body) && isSubstitutable(node.body, targetNames(node.target));
  if (!isPlain) {
    throw new NotStatic(list.origins);
  }
  const loop = new UnrolledLoop(codegen, node, place, list);
  emitter.line('{');
  if (accumulator) {
    loop.overNumbersOf(accumulator);
  } else if (node.test && loop.usesLoop) {
    loop.overChosen(node.test);
  } else {
    loop.overAll();
  }
  emitter.line('}');
  return true;
}

class UnrolledLoop {
  readonly usesLoop: boolean;
  private readonly empty: string | undefined;

  constructor(
    private readonly codegen: Codegen,
    private readonly node: For,
    private readonly place: Place,
    private readonly list: StaticList,
  ) {
    this.usesLoop = readNames(node.body, ['loop']).size > 0;
    this.empty = node.otherwise.length > 0 ? codegen.declare('true') : undefined;
  }

  /** One round after the other, all places in the loop being known unless there is a test. */
  overAll(): void {
    const { node, list } = this;
    const { emitter } = this.codegen.unit;
    const { length } = list.elements;
    const rounds = list.elements.map((element, index) => {
      const by = { names: this.bind(element), loop: node.test ? undefined : placesIn(index, length) };
      const body = substituteStatements(node.body, by);
      if (readNames(body, ['loop']).size > 0) {
        throw new NotStatic(list.origins);
      }
      return emitter.section(() =>
        this.whenPasses(node.test && substituteExpression(node.test, by), () => this.round(body, new Scope(this.place.scope))),
      );
    });
    this.inTurn(rounds);
    this.otherwise();
  }

  /** First the tests, since a round asks whether it is the last; then the rounds that passed. */
  overChosen(test: Expression): void {
    const { list, node } = this;
    const { emitter } = this.codegen.unit;
    const asBits =
      list.elements.length <= maxBits && loopAttributes(node.body).every((name) => name === 'first' || name === 'last');
    const chosen = emitter.fresh('s');
    emitter.line(`${asBits ? 'let' : 'const'} ${chosen} = ${asBits ? '0' : '[]'};`);
    list.elements.forEach((element, index) => {
      const own = substituteExpression(test, { names: this.bind(element), loop: undefined });
      // It must not matter that the earlier rounds have not run yet.
      if (!this.isIndependent(own)) {
        throw new NotStatic(list.origins);
      }
      this.whenPasses(own, () => emitter.line(asBits ? `${chosen} |= ${1 << index};` : `${chosen}.push(${index});`));
    });
    if (asBits) {
      this.overBits(chosen);
    } else {
      this.overNumbers(chosen);
    }
  }

  /** The rounds whose bits are set. What is asked of `loop` is about the bits above or below. */
  private overBits(bits: string): void {
    const rounds = this.list.elements.map((element, index) => {
      const bit = 1 << index;
      const round = this.numberedRound(element, (attribute) =>
        attribute === 'first' ? `((${bits} & ${bit - 1}) === 0)` : `(${bits} < ${bit * 2})`,
      );
      return `if ((${bits} & ${bit}) !== 0)\n${round}`;
    });
    this.inTurn(rounds);
    this.otherwise();
  }

  overNumbersOf(accumulator: Accumulator): void {
    if (this.node.test || accumulator.isOpaque) {
      throw new NotStatic(accumulator.origins);
    }
    accumulator.isComplete ||= this.place.repeated;
    this.overNumbers(accumulator.numbers);
  }

  private overNumbers(numbers: string): void {
    const { emitter } = this.codegen.unit;
    const index = emitter.fresh('i');
    emitter.line(`let ${index} = 0;`);
    const rounds = this.shared(this.list.elements.map((element) => this.numberedRound(element, arrayLoop(numbers, index))));
    const areMany = groups(rounds).length > 1;
    emitter.line(`for (; ${index} < ${numbers}.length; ${index}++) {`);
    emitter.line(`switch (${numbers}[${index}]) {`);
    rounds.forEach((round, number) => emitter.line(`case ${number}:\n${areMany ? asFunction(round) : round}break;`));
    emitter.line('}\n}');
    this.otherwise();
  }

  private inTurn(rounds: readonly string[]): void {
    groups(this.shared(rounds)).forEach((group, _, all) =>
      this.codegen.unit.emitter.line(all.length > 1 ? asFunction(group) : group),
    );
  }

  /** The rounds, after writing the functions that several of them call. */
  private shared(rounds: readonly string[]): readonly string[] {
    const { emitter } = this.codegen.unit;
    const shared = shareRounds(rounds, () => emitter.fresh('f'));
    shared.functions.forEach((code) => emitter.line(code));
    return shared.rounds;
  }

  /** The code of a round whose place in the loop is only known when it runs. */
  private numberedRound(element: Expression, loop: InlineLoop): string {
    const { codegen, node } = this;
    const scope = new Scope(this.place.scope);
    if (this.usesLoop) {
      codegen.unit.setLoop(scope.declareParameter('loop'), loop);
    }
    const body = substituteStatements(node.body, { names: this.bind(element), loop: undefined });
    return codegen.unit.emitter.section(() => this.round(body, scope));
  }

  private round(body: readonly Statement[], scope: Scope): void {
    const { codegen } = this;
    codegen.unit.emitter.line('{');
    scope.analyseStatements(body);
    const inner: Place = { ...this.place, scope, toplevel: false };
    codegen.enter(inner);
    codegen.body(body, inner);
    if (this.empty !== undefined) {
      codegen.unit.emitter.line(`${this.empty} = false;`);
    }
    codegen.unit.emitter.line('}');
  }

  private whenPasses(test: Expression | undefined, emit: () => void): void {
    const { codegen } = this;
    const folded = test && codegen.unit.folder.fold(test);
    if (folded) {
      if (runtime.truthy(folded.value)) {
        emit();
      }
      return;
    }
    if (test === undefined) {
      emit();
      return;
    }
    const scope = new Scope(this.place.scope);
    scope.analyseExpression(test);
    const place: Place = { ...this.place, scope, toplevel: false };
    codegen.unit.emitter.line('{');
    codegen.enter(place);
    codegen.unit.mark(test.position);
    codegen.unit.emitter.line(`if (${codegen.expressions.condition(test, place)}) {`);
    emit();
    codegen.unit.emitter.line('}\n}');
  }

  private isIndependent(test: Expression): boolean {
    const { statics } = this.codegen.unit;
    return withSubexpressions(test).every(
      (part) => part.kind !== 'call' && (part.kind !== 'name' || statics.isNeverAssigned(part.name)),
    );
  }

  /** What stands for the loop's variables. */
  private bind(element: Expression): ReadonlyMap<string, Expression> {
    const names = new Map<string, Expression>();
    const visit = (target: Target, value: Expression): void => {
      if (target.kind === 'name') {
        names.set(target.name, value);
      } else if (isSequence(value) && value.items.length === target.items.length) {
        target.items.forEach((item, i) => visit(item, value.items[i] as Expression));
      } else {
        throw new NotStatic(this.list.origins);
      }
    };
    visit(this.node.target, element);
    return names;
  }

  private otherwise(): void {
    if (this.empty === undefined) {
      return;
    }
    const { codegen, node } = this;
    const scope = new Scope(this.place.scope);
    scope.analyseStatements(node.otherwise);
    const inner: Place = { ...this.place, scope, toplevel: false };
    codegen.unit.emitter.line(`if (${this.empty}) {`);
    codegen.enter(inner);
    codegen.body(node.otherwise, inner);
    codegen.unit.emitter.line('}');
  }
}

const maxBits = 30;

/** What a loop's body asks of `loop`, as far as it does so plainly. */
function loopAttributes(body: readonly Statement[]): string[] {
  return allExpressions(body).flatMap((expression) =>
    expression.kind === 'attribute' && expression.object.kind === 'name' && expression.object.name === 'loop'
      ? [expression.name]
      : [],
  );
}

/** V8 optimizes no function of more than some 60 KB of bytecode; so much text gives about 40. */
const maxFunctionLength = 30_000;

/** The rounds in pieces that make a function each, if they are too much for one. */
function groups(rounds: readonly string[]): string[] {
  const result: string[] = [];
  for (const round of rounds) {
    const last = result.at(-1);
    if (last === undefined || last.length + round.length > maxFunctionLength) {
      result.push(round);
    } else {
      result[result.length - 1] = last + round;
    }
  }
  return result;
}

function asFunction(code: string): string {
  return `(() => {\n${code}})();\n`;
}

function placesIn(index: number, length: number): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['first', index === 0],
    ['last', index === length - 1],
    ['index', index + 1],
    ['index0', index],
    ['length', length],
    ['revindex', length - index],
    ['revindex0', length - index - 1],
  ]);
}
