import type { HeldAccount } from '../held/held-memory';
import { HeldRows } from '../held/held-rows';
import type { SideTable } from '../operations/operation';
import { layoutOf, type Layout, type Row } from '../table';
import type { Consumer } from './consumer';

/** A node's whole table, kept for the operations that look into it. Each node that is needed so is kept once. */
export class HeldTable implements Consumer, SideTable {
  layout: Layout = layoutOf([]);
  rows: HeldRows;
  isOpen = false;
  isComplete = false;
  private readonly listeners: (() => Promise<void>)[] = [];

  constructor(private readonly account: HeldAccount) {
    this.rows = HeldRows.of(this.layout, account);
  }

  /** Called when the columns are known and when the rows are complete. */
  onProgress(listener: () => Promise<void>): void {
    this.listeners.push(listener);
  }

  async open(layout: Layout): Promise<void> {
    // Its rows are numbered anew in what they are put together with.
    this.layout = { columns: layout.columns, width: layout.width };
    this.rows = HeldRows.of(this.layout, this.account);
    this.isOpen = true;
    await this.notify();
  }

  push(batch: Row[]): Promise<void> {
    this.rows.push(batch);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.rows.seal();
    this.isComplete = true;
    await this.notify();
  }

  private async notify(): Promise<void> {
    for (const listener of this.listeners) {
      await listener();
    }
  }
}
