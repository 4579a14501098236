import type { Call } from './ast';
import { hasNoNamedOrRest, type ExpressionCodegen, type Surroundings } from './expression-codegen';
import { NotStatic } from './static-lists';
import type { UnitBuilder } from './unit-builder';

/** Code of `list.append(element)` where the list is no value; undefined for any other call. @throws NotStatic */
export function appendedElement(
  codegen: ExpressionCodegen,
  { statics, emitter }: UnitBuilder,
  { callee, args }: Call,
  around: Surroundings,
): string | undefined {
  const list = callee.kind === 'attribute' && callee.object.kind === 'name' ? around.scope.find(callee.object.name) : undefined;
  const accumulator = statics.accumulator(list, emitter.owner);
  if (accumulator === undefined) {
    return undefined;
  }
  const [element] = args.positional;
  const isAppend = callee.kind === 'attribute' && callee.name === 'append';
  if (!isAppend || element === undefined || args.positional.length > 1 || !hasNoNamedOrRest(args) || accumulator.isComplete) {
    throw new NotStatic(accumulator.origins);
  }
  if (statics.isStable(element, around.scope)) {
    if (statics.origins(element) === undefined) {
      statics.register(element, accumulator.origins);
    }
  } else if (element.kind === 'name') {
    // Some bundles append whatever is at hand, to ask later whether anything was. It may itself be needed as a value.
    codegen.expression(element, around);
    accumulator.isOpaque = true;
  } else {
    throw new NotStatic(accumulator.origins);
  }
  return `append(${accumulator.numbers}, ${accumulator.elements.push(element) - 1})`;
}
