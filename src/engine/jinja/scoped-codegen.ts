import type { FilterBlock, SetBlock, With } from './ast';
import type { Codegen, Place } from './codegen';
import { Scope } from './scope';

// Statements with a scope of their own around a body.

export function generateSetBlock(codegen: Codegen, node: SetBlock, place: Place): void {
  const { emitter } = codegen.unit;
  emitter.line('{');
  const inner = captureScope(codegen, node, { ...place, toplevel: false, guarded: false });
  const captured = emitter.capture(() => codegen.body(node.body, inner));
  codegen.unit.mark(node.position);
  const value = node.filter ? codegen.expressions.expression(node.filter, { ...inner, captured }) : captured;
  codegen.assign(node.target, value, place);
  emitter.line('}');
}

export function generateFilterBlock(codegen: Codegen, node: FilterBlock, place: Place): void {
  const { emitter } = codegen.unit;
  codegen.guarded(place, () => {
    emitter.line('{');
    const inner = captureScope(codegen, node, { ...place, toplevel: false });
    const captured = emitter.capture(() => codegen.body(node.body, inner));
    codegen.unit.mark(node.position);
    emitter.print(`str(${codegen.expressions.expression(node.filter, { ...inner, captured })})`);
    emitter.line('}');
  });
}

function captureScope(codegen: Codegen, node: SetBlock | FilterBlock, place: Place): Place {
  const scope = new Scope(place.scope);
  scope.analyseCapture(node);
  const inner: Place = { ...place, scope };
  codegen.enter(inner);
  return inner;
}

export function generateWith(codegen: Codegen, node: With, place: Place): void {
  const { emitter } = codegen.unit;
  emitter.line('{');
  const scope = new Scope(place.scope);
  scope.analyseWith(node);
  codegen.declareParameters(scope);
  const inner: Place = { ...place, scope, toplevel: false };
  codegen.enter(inner);
  for (const { target, value } of node.assignments) {
    codegen.unit.mark(value.position);
    codegen.assign(target, codegen.expressions.expression(value, place), inner);
  }
  codegen.body(node.body, inner);
  emitter.line('}');
}
