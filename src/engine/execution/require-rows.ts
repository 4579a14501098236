import { BundleError } from '../errors';
import type { PlanNode } from '../project/plan';

/** @throws BundleError if a node has fewer rows than the bundle requires */
export function requireRows(node: PlanNode, rows: number): void {
  if (rows < node.requireRows) {
    throw new BundleError(
      'expectation_failed',
      `at least ${node.requireRows} rows are required, and there are ${rows}`,
      node.place,
    );
  }
}
