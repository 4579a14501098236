import type { HeldAccount, HeldMemory } from '../held/held-memory';
import { HeldRows } from '../held/held-rows';
import { inBatches, type RowLoss } from '../operations/operation';
import type { TransformationNode } from '../project/plan';
import { layoutOf, type Layout, type Row } from '../table';
import type { Consumer } from './consumer';
import type { HeldTable } from './held-table';
import { OperationChain } from './operation-chain';

/**
 * Runs a transformation as its rows come. A join needs the other tables first: rows that come earlier wait. So that few do, sources
 * that only feed other tables are read before (see `source-order.ts`).
 */
export class TransformationRun implements Consumer {
  private input: { readonly layout: Layout; readonly owned: boolean } | undefined;
  private inputClosed = false;
  private closed = false;
  private readonly account: HeldAccount;
  private waiting: HeldRows | undefined;
  private chain: OperationChain | undefined;

  constructor(
    private readonly node: TransformationNode,
    private readonly held: ReadonlyMap<string, HeldTable>,
    private readonly target: Consumer,
    memory: HeldMemory,
    private readonly onLoss: (loss: RowLoss) => void,
    /** Counts the time of what another node's progress sets going here. */
    measure: (work: () => Promise<void>) => Promise<void> = (work) => work(),
  ) {
    const waitsFor = node.operations.find(({ sides }) => sides.length > 0);
    this.account = memory.account(waitsFor?.place ?? node.place, 'the rows that wait for its tables');
    for (const ref of new Set(node.operations.flatMap((operation) => operation.sides))) {
      this.table(ref).onProgress(() => measure(() => this.advance()));
    }
  }

  async open(layout: Layout, owned: boolean): Promise<void> {
    this.input = { layout, owned };
    await this.advance();
  }

  slots(): ReadonlySet<number> | undefined {
    return this.chain?.slots();
  }

  async push(batch: Row[]): Promise<void> {
    if (this.chain !== undefined) {
      await this.chain.push(batch);
      return;
    }
    this.waiting ??= HeldRows.of(this.input?.layout ?? layoutOf([]), this.account);
    this.waiting.push(batch);
  }

  async close(): Promise<void> {
    this.inputClosed = true;
    await this.advance();
  }

  private async advance(): Promise<void> {
    if (this.chain === undefined && this.input !== undefined && this.canStart()) {
      const operations = this.node.operations.map((planned) => ({ planned, sides: planned.sides.map((ref) => this.table(ref)) }));
      this.chain = new OperationChain(operations, this.target, this.node.place, this.input.owned, this.onLoss);
      await this.chain.open(this.input.layout);
      for (const batch of this.waiting === undefined ? [] : inBatches(this.waiting.rows())) {
        await this.chain.push(batch);
      }
      this.waiting = undefined;
      this.account.release();
    }
    if (this.chain !== undefined && this.inputClosed && !this.closed && this.sidesComplete()) {
      this.closed = true;
      await this.chain.close();
    }
  }

  private canStart(): boolean {
    return this.node.operations.every((operation) =>
      operation.sides.every((ref) => (operation.sidesLater === true ? this.table(ref).isOpen : this.table(ref).isComplete)),
    );
  }

  private sidesComplete(): boolean {
    return this.node.operations.every((operation) => operation.sides.every((ref) => this.table(ref).isComplete));
  }

  private table(ref: string): HeldTable {
    return this.held.get(ref) as HeldTable;
  }
}
