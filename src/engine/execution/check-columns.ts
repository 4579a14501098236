import { BundleError } from '../errors';
import { HeldMemory } from '../held/held-memory';
import { HeldRows } from '../held/held-rows';
import type { PlannedOperation, SideTable } from '../operations/operation';
import { isPlaceholder } from '../project/parameters';
import type { PlanNode, SourceNode, TransformationNode } from '../project/plan';
import { PyError } from '../python/values';
import type { Layout } from '../table';
import type { Templates } from '../templates';

/** For tables without rows. */
const noMemory = new HeldMemory(Infinity);

/**
 * Takes the columns of the sources through all nodes, without a row: finds operations and templates that do not fit theirs. Where a
 * source's file was not given, or columns come from rows (as a pivot's do), what follows is not looked at.
 */
export class ColumnCheck {
  /** Undefined for a node whose columns are not known. */
  private readonly layouts = new Map<string, Layout | undefined>();
  private readonly visiting = new Set<string>();

  constructor(
    private readonly nodes: ReadonlyMap<string, PlanNode>,
    private readonly templates: Templates,
    private readonly maxLineBytes: number,
    private readonly report: (problem: BundleError) => void,
  ) {}

  async check(): Promise<void> {
    for (const ref of this.nodes.keys()) {
      await this.layoutOf(ref);
    }
  }

  private async layoutOf(ref: string): Promise<Layout | undefined> {
    const node = this.nodes.get(ref);
    if (node === undefined || this.layouts.has(ref)) {
      return this.layouts.get(ref);
    }
    if (this.visiting.has(ref)) {
      this.report(new BundleError('bundle_invalid', 'the nodes read each other in a circle', node.place));
      return undefined;
    }
    this.visiting.add(ref);
    const layout = await this.attempt(node, () => this.findLayout(node));
    this.visiting.delete(ref);
    this.layouts.set(ref, layout);
    return layout;
  }

  private async findLayout(node: PlanNode): Promise<Layout | undefined> {
    const layout = node.kind === 'source' ? await this.openSource(node) : await this.layoutOf(node.input);
    if (layout === undefined) {
      return undefined;
    }
    if (node.kind === 'destination') {
      node.destination.bind(layout);
      return layout;
    }
    const result = node.kind === 'transformation' ? await this.applyOperations(node, layout) : layout;
    if (result !== undefined) {
      node.expectations.forEach(({ condition, place }) => this.templates.expectation(condition, result, place));
    }
    return result;
  }

  private async openSource({ source }: SourceNode): Promise<Layout | undefined> {
    if (source.fileName !== undefined && isPlaceholder(source.fileName)) {
      return undefined;
    }
    const table = await source.open({ maxLineBytes: this.maxLineBytes, countBytes: () => undefined });
    await table.batches[Symbol.asyncIterator]().return?.(undefined);
    return table.layout;
  }

  private async applyOperations({ operations }: TransformationNode, input: Layout): Promise<Layout | undefined> {
    let layout = input;
    for (const operation of operations) {
      const sides = await this.sidesOf(operation);
      if (sides === undefined) {
        return undefined;
      }
      const bound = operation.bind(layout, sides);
      if (operation.columnsFromRows === true) {
        return undefined;
      }
      layout = bound.kind === 'streaming' ? bound.layout : bound.finish().layout;
    }
    return layout;
  }

  private async sidesOf(operation: PlannedOperation): Promise<SideTable[] | undefined> {
    const sides: SideTable[] = [];
    for (const ref of operation.sides) {
      const layout = await this.layoutOf(ref);
      if (layout === undefined) {
        return undefined;
      }
      sides.push({ layout, rows: HeldRows.of(layout, noMemory.account({})) });
    }
    return sides;
  }

  private async attempt<T>(node: PlanNode, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof BundleError) {
        this.report(error.at({ node: node.ref }));
      } else if (error instanceof PyError) {
        this.report(new BundleError('operation_failed', error.message, node.place, { cause: error }));
      } else {
        throw error;
      }
      return undefined;
    }
  }
}
