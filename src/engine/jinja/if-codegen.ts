import type { If } from './ast';
import type { Codegen, Place } from './codegen';
import { runtime } from './runtime';

/** Writes an `if`, without the branches whose tests are known to fail and those after one that is known to hold. */
export function generateIf(codegen: Codegen, node: If, place: Place): void {
  const { emitter } = codegen.unit;
  const { branches, otherwise } = openBranches(codegen, node);
  if (branches.length === 0) {
    codegen.body(otherwise, { ...place, soft: true });
    return;
  }
  const inner = { ...place, soft: true, conditional: true };
  branches.forEach(({ test, body }, i) => {
    if (i > 0) {
      emitter.line('} else {');
    }
    codegen.unit.mark(test.position);
    emitter.line(`if (${codegen.expressions.condition(test, inner)}) {`);
    codegen.body(body, inner);
  });
  if (otherwise.length > 0) {
    emitter.line('} else {');
    codegen.body(otherwise, inner);
  }
  emitter.line('}'.repeat(branches.length));
}

/** The branches whose tests are not decided yet, and what comes if none holds. */
function openBranches(codegen: Codegen, { branches, otherwise }: If): Pick<If, 'branches' | 'otherwise'> {
  const open: If['branches'][number][] = [];
  for (const branch of branches) {
    const folded = codegen.unit.folder.fold(branch.test);
    if (folded === undefined) {
      open.push(branch);
    } else if (runtime.truthy(folded.value)) {
      return { branches: open, otherwise: branch.body };
    }
  }
  return { branches: open, otherwise };
}
