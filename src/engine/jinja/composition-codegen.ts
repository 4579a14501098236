import type { Block, Extends, FromImport, Import, Include } from './ast';
import type { Codegen, Place } from './codegen';
import { TemplateError } from './errors';

// How a template uses others. Which ones may only be known when it is rendered, so the code asks the linker then.

export function generateInclude(codegen: Codegen, node: Include, place: Place): void {
  codegen.guarded(place, () => {
    codegen.unit.mark(node.position);
    const template = codegen.expressions.expression(node.template, place);
    const context = node.withContext ? derivedContext(codegen, place) : 'null';
    codegen.unit.emitter.print(`${codegen.linker}.include(${template}, ${node.ignoreMissing}, ${context})`);
  });
}

export function generateImport(codegen: Codegen, node: Import, place: Place): void {
  codegen.unit.mark(node.position);
  codegen.unit.emitter.line(`${codegen.unit.codeOf(place.scope.variable(node.name))} = ${imported(codegen, node, place)};`);
  codegen.publish(node.name, place, false);
}

export function generateFromImport(codegen: Codegen, node: FromImport, place: Place): void {
  const { emitter } = codegen.unit;
  codegen.unit.mark(node.position);
  const module = emitter.fresh('m');
  emitter.line(`const ${module} = ${imported(codegen, node, place)};`);
  for (const { name, alias } of node.names) {
    emitter.line(
      `${codegen.unit.codeOf(place.scope.variable(alias))} = ${module}.exportedOrUndefined(${codegen.unit.quote(name)});`,
    );
    codegen.publish(alias, place, false);
  }
}

function imported(codegen: Codegen, node: Import | FromImport, place: Place): string {
  const context = node.withContext ? derivedContext(codegen, place) : 'null';
  return `${codegen.linker}.import(${codegen.expressions.expression(node.template, place)}, ${context})`;
}

export function generateBlockCall(codegen: Codegen, node: Block, place: Place): void {
  codegen.guarded(place, () => {
    codegen.unit.mark(node.position);
    const name = codegen.unit.quote(node.name);
    if (node.required) {
      codegen.unit.emitter.line(`cx.requireOverride(${name});`);
    }
    codegen.unit.emitter.print(`cx.renderBlock(${name}, ${node.scoped ? derivedContext(codegen, place) : 'cx'})`);
  });
}

export function generateExtends(codegen: Codegen, node: Extends, place: Place): void {
  if (!place.toplevel) {
    throw new TemplateError('cannot use extend from a non top-level scope', node.position);
  }
  codegen.unit.mark(node.position);
  codegen.unit.emitter.line(
    `parent = ${codegen.linker}.extend(parent, ${codegen.expressions.expression(node.template, place)}, cx);`,
  );
}

/** Code for a context in which the local variables are seen by name. */
function derivedContext(codegen: Codegen, { scope }: Place): string {
  const locals = Array.from(
    scope.visibleAssigned(),
    (name) => `[${codegen.unit.quote(name)}, ${codegen.unit.codeOf(scope.variable(name))}]`,
  );
  return `cx.derived([${locals.join(', ')}])`;
}
