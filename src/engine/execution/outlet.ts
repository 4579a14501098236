import { BundleError } from '../errors';
import type { Expectation, PlanNode } from '../project/plan';
import { layoutOf, slotsOf, type Layout, type Row } from '../table';
import type { Templates } from '../templates';
import type { Consumer } from './consumer';
import { requireRows } from './require-rows';

/** Hands a node's rows to everyone who reads the node, after checking what the bundle expects of them. */
export class Outlet implements Consumer {
  rows = 0;
  private readonly consumers: Consumer[] = [];
  private readonly failures = new Map<Expectation, number>();
  private layout: Layout = layoutOf([]);
  private tests: readonly { readonly expectation: Expectation; readonly holds: (row: Row) => boolean }[] = [];

  constructor(
    private readonly node: PlanNode,
    private readonly templates: Templates,
  ) {}

  connect(consumer: Consumer): void {
    this.consumers.push(consumer);
  }

  async open(layout: Layout, owned: boolean): Promise<void> {
    this.layout = layout;
    this.tests = this.node.expectations.map((expectation) => ({
      expectation,
      holds: this.templates.expectation(expectation.condition, layout, expectation.place),
    }));
    for (const consumer of this.consumers) {
      await consumer.open(layout, owned && this.consumers.length === 1);
    }
  }

  slots(): ReadonlySet<number> {
    const all = slotsOf(this.layout);
    if (this.tests.length > 0) {
      return all;
    }
    return new Set(this.consumers.flatMap((consumer) => [...(consumer.slots?.() ?? all)]));
  }

  async push(batch: Row[]): Promise<void> {
    if (batch.length === 0) {
      return;
    }
    this.rows += batch.length;
    for (const { expectation, holds } of this.tests) {
      const failed = batch.reduce((count, row) => count + (holds(row) ? 0 : 1), 0);
      if (failed > 0) {
        this.failures.set(expectation, (this.failures.get(expectation) ?? 0) + failed);
      }
    }
    for (const consumer of this.consumers) {
      await consumer.push(batch);
    }
  }

  async close(): Promise<void> {
    for (const [{ condition, place }, count] of this.failures) {
      throw new BundleError('expectation_failed', `${count} rows do not meet \`${condition}\``, place);
    }
    requireRows(this.node, this.rows);
    for (const consumer of this.consumers) {
      await consumer.close();
    }
  }
}
