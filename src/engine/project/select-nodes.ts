import { BundleError } from '../errors';
import { inputsOf, type PlanNode } from './plan';

/** Which part of a project to run: what leads to destinations, or what leads to certain nodes. */
export interface NodeSelection {
  /**
   * Parts of nodes' names, separated by commas, where `*` stands for anything: the destinations that such a node leads to, with all that
   * they need. Without one, all destinations.
   */
  readonly selector?: string | undefined;
  /** Nodes instead of destinations. */
  readonly nodes?: readonly string[] | undefined;
}

/**
 * The selected nodes and those they need, each after those it reads.
 *
 * @throws BundleError if there is no such node, or if the nodes form a circle
 */
export function selectNodes(nodes: ReadonlyMap<string, PlanNode>, selection: NodeSelection): Map<string, PlanNode> {
  if (selection.nodes !== undefined) {
    return upstream(
      nodes,
      selection.nodes.map((name) => findNode(nodes, name)),
    );
  }
  const destinations = [...nodes.values()].filter((node) => node.kind === 'destination');
  const all = upstream(nodes, destinations);
  const { selector } = selection;
  if (selector === undefined || selector === '*') {
    return all;
  }
  const patterns = selector.split(',').map(toPattern);
  const matches = (ref: string): boolean => patterns.some((pattern) => pattern.test(ref));
  const chosen = destinations.filter((node) => [...upstream(nodes, [node]).keys()].some(matches));
  if (chosen.length === 0) {
    throw new BundleError('bundle_invalid', `no node that leads to a destination matches \`${selector}\``);
  }
  return upstream(nodes, chosen);
}

function toPattern(selector: string): RegExp {
  const parts = selector.trim().split('*');
  return new RegExp(parts.map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&')).join('.*'));
}

/** A node by its reference (`$transformations.students`), also without `$`, or by its name alone if only one has it. */
function findNode(nodes: ReadonlyMap<string, PlanNode>, name: string): PlanNode {
  const exact = nodes.get(name) ?? nodes.get(`$${name}`);
  const candidates = exact === undefined ? [...nodes.values()].filter(({ ref }) => ref.endsWith(`.${name}`)) : [exact];
  const [found] = candidates;
  if (found === undefined || candidates.length > 1) {
    const known = candidates.length > 1 ? candidates : [...nodes.values()];
    const detail = candidates.length > 1 ? `several nodes are called \`${name}\`` : `there is no node \`${name}\``;
    throw new BundleError('bundle_invalid', `${detail}: ${known.map(({ ref }) => ref).join(', ')}`);
  }
  return found;
}

function upstream(nodes: ReadonlyMap<string, PlanNode>, roots: readonly PlanNode[]): Map<string, PlanNode> {
  const ordered = new Map<string, PlanNode>();
  const visiting = new Set<string>();
  const visit = (node: PlanNode): void => {
    if (ordered.has(node.ref)) {
      return;
    }
    if (visiting.has(node.ref)) {
      throw new BundleError('bundle_invalid', `the nodes read each other in a circle, at \`${node.ref}\``, node.place);
    }
    visiting.add(node.ref);
    for (const ref of inputsOf(node)) {
      visit(nodes.get(ref) as PlanNode);
    }
    visiting.delete(node.ref);
    ordered.set(node.ref, node);
  };
  roots.forEach(visit);
  return ordered;
}
