import type { Assignment, Expression } from './ast';
import type { Codegen, Place } from './codegen';
import { isSequence, type StaticList } from './static-lists';

/** Makes the list that is assigned static, if it can be; then nothing else is to be assigned. */
export function generateStaticSet(codegen: Codegen, { target, value }: Assignment, place: Place): boolean {
  const { emitter, statics } = codegen.unit;
  if (target.kind !== 'name' || place.conditional || place.repeated || !statics.mayHave(target.name)) {
    return false;
  }
  const variable = place.scope.variable(target.name);
  if (!statics.isAssignedOnce(variable)) {
    return false;
  }
  if (value.kind === 'list' && value.items.length === 0) {
    const numbers = codegen.unit.codeOf(variable);
    emitter.line(`${numbers} = [];`);
    statics.setAccumulator(variable, numbers, emitter.owner);
    return true;
  }
  const list = staticList(codegen, value, place, target.name);
  if (list === undefined) {
    return false;
  }
  statics.setList(variable, list, emitter.owner);
  return true;
}

/**
 * The static list that an expression gives, with what is computed in it computed here; undefined if it must be a value.
 *
 * @param origin by what name a list that is written out here would be made a value
 */
export function staticList(codegen: Codegen, node: Expression, place: Place, origin: string): StaticList | undefined {
  const { emitter, statics } = codegen.unit;
  if (node.kind === 'name') {
    return statics.list(place.scope.find(node.name), emitter.owner);
  }
  if (node.kind === 'binary' && node.operator === '+') {
    const left = staticList(codegen, node.left, place, origin);
    const right = left && staticList(codegen, node.right, place, origin);
    return left && right && { origins: [...left.origins, ...right.origins], elements: [...left.elements, ...right.elements] };
  }
  if (!isSequence(node) || node.items.length === 0) {
    return undefined;
  }
  const known = statics.origins(node);
  if (known !== undefined) {
    return { origins: known, elements: node.items };
  }
  // A list of a loop around is new each time, and what was appended before must not change.
  if (!statics.mayHave(origin) || (place.repeated && !statics.isStable(node, place.scope))) {
    return undefined;
  }
  const elements = node.items.map((item) => stabilized(codegen, item, place));
  elements.forEach((element) => statics.register(element, [origin]));
  return { origins: [origin], elements };
}

/** The expression with everything in it computed that could be something else later. */
function stabilized(codegen: Codegen, node: Expression, place: Place): Expression {
  if (codegen.unit.statics.isStable(node, place.scope)) {
    // A new object: the same list may be written out in several unrolled rounds.
    return isSequence(node) ? { ...node, items: node.items.map((item) => stabilized(codegen, item, place)) } : node;
  }
  if (isSequence(node)) {
    return { ...node, items: node.items.map((item) => stabilized(codegen, item, place)) };
  }
  const folded = codegen.unit.folder.fold(node);
  if (folded !== undefined) {
    return { kind: 'const', value: folded.value, position: node.position };
  }
  const code = codegen.unit.emitter.temporary();
  codegen.unit.mark(node.position);
  codegen.unit.emitter.line(`${code} = ${codegen.expressions.expression(node, place)};`);
  return { kind: 'computed', code, position: node.position };
}
