import { inputsOf, type PlanNode, type SourceNode } from '../project/plan';

/**
 * The order in which to read the sources: one that feeds the other tables of a join before those whose rows go through it, so that
 * no rows need to wait. Where each feeds the other, some will.
 */
export function sourceOrder(nodes: ReadonlyMap<string, PlanNode>): SourceNode[] {
  const sourcesOf = new Map<string, ReadonlySet<SourceNode>>();
  const before = new Map<SourceNode, Set<SourceNode>>();
  // Nodes come after those they read.
  for (const node of nodes.values()) {
    const own = new Set(node.kind === 'source' ? [node] : inputsOf(node).flatMap((ref) => [...(sourcesOf.get(ref) ?? [])]));
    sourcesOf.set(node.ref, own);
    if (node.kind === 'transformation') {
      const sides = node.operations.filter((operation) => operation.sidesLater !== true).flatMap((operation) => operation.sides);
      for (const main of sourcesOf.get(node.input) ?? []) {
        const first = before.get(main) ?? new Set();
        sides.flatMap((ref) => [...(sourcesOf.get(ref) ?? [])]).forEach((source) => first.add(source));
        before.set(main, first);
      }
    }
  }
  const ordered = new Set<SourceNode>();
  const visiting = new Set<SourceNode>();
  const visit = (source: SourceNode): void => {
    if (!ordered.has(source) && !visiting.has(source)) {
      visiting.add(source);
      before.get(source)?.forEach(visit);
      ordered.add(source);
    }
  };
  for (const node of nodes.values()) {
    if (node.kind === 'source') {
      visit(node);
    }
  }
  return [...ordered];
}
