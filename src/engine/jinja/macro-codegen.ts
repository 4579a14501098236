import type { CallBlock, Macro } from './ast';
import { maxDepth, type Codegen, type Place } from './codegen';
import { TemplateError } from './errors';
import type { MacroShape } from './macro';
import { Scope, type Variable } from './scope';
import { readNames } from './walk';

/** Writes a macro and assigns it to its name. */
export function generateMacro(codegen: Codegen, node: Macro, place: Place): void {
  const code = macroValue(codegen, node, node.name, place);
  codegen.unit.emitter.line(`${codegen.unit.codeOf(place.scope.variable(node.name))} = ${code};`);
  codegen.publish(node.name, place, !node.name.startsWith('_'));
}

/** Writes a call whose `caller` is the block's body. */
export function generateCallBlock(codegen: Codegen, node: CallBlock, place: Place): void {
  const { emitter } = codegen.unit;
  codegen.guarded(place, () => {
    const caller = emitter.fresh('m');
    emitter.line(`const ${caller} = ${macroValue(codegen, node, undefined, place)};`);
    codegen.unit.mark(node.position);
    emitter.print(`str(${codegen.expressions.callWith(node.call, place, caller)})`);
  });
}

/** Writes the function of a macro's body and returns code for the macro's value. */
function macroValue(codegen: Codegen, node: Macro | CallBlock, name: string | undefined, place: Place): string {
  const { emitter } = codegen.unit;
  const scope = new Scope(place.scope);
  const given = node.parameters.map((parameter) => scope.declareParameter(parameter.name));
  const names = node.parameters.map((parameter) => parameter.name);
  const special = readNames(node.body, ['caller', 'kwargs', 'varargs']);
  const extra = ['caller', 'kwargs', 'varargs'].filter((word) => special.has(word) && !names.includes(word));
  if (special.has('caller') && node.parameters.some((parameter) => parameter.name === 'caller' && !parameter.fallback)) {
    throw new TemplateError(
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
      node.position,
    );
  }
  const variables = [...given, ...extra.map((word) => scope.declareParameter(word))];
  scope.analyseMacro(node);
  const codes = variables.map((variable) => {
    const code = emitter.fresh('p');
    codegen.unit.setCode(variable, code);
    return code;
  });
  const shape: MacroShape = {
    name,
    parameters: names,
    takesCaller: special.has('caller'),
    takesKwargs: extra.includes('kwargs'),
    takesVarargs: extra.includes('varargs'),
  };
  const body = emitter.functionBody(() => macroBody(codegen, node, scope, given, place.byName));
  return `macro(${codegen.unit.constant(shape)}, (${codes.join(', ')}) => {\n${body}}, located)`;
}

function macroBody(codegen: Codegen, node: Macro | CallBlock, scope: Scope, given: readonly Variable[], byName: boolean): void {
  const { emitter } = codegen.unit;
  emitter.line(`if (++depth > ${maxDepth}) { tooDeep(); }`);
  const place: Place = { scope, soft: false, toplevel: false, guarded: false, byName, conditional: false, repeated: false };
  codegen.enter(place);
  // While the defaults are made, a parameter further on may have no value yet.
  given.forEach((variable) => codegen.unit.setFallible(variable, true));
  node.parameters.forEach(({ name, fallback }, i) => {
    const variable = given[i] as Variable;
    const code = codegen.unit.codeOf(variable);
    const value = fallback ? codegen.expressions.expression(fallback, place) : `notProvided(${codegen.unit.quote(name)})`;
    emitter.line(`if (${code} === undefined) { ${code} = ${value}; }`);
    codegen.unit.setFallible(variable, false);
  });
  codegen.body(node.body, place);
  emitter.line('depth--;');
  emitter.finish();
}
