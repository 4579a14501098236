import type { SideTable } from '../operations/operation';
import { compactLayout, isCompact, layoutOf, projectRows, type Layout, type Row } from '../table';
import type { Consumer } from './consumer';

/** A node's whole table, kept for the operations that look into it. Each node that is needed so is kept once. */
export class HeldTable implements Consumer, SideTable {
  layout: Layout = layoutOf([]);
  readonly rows: Row[] = [];
  isOpen = false;
  isComplete = false;
  private source: Layout = this.layout;
  private mustProject = false;
  private readonly listeners: (() => Promise<void>)[] = [];

  /** Called when the columns are known and when the rows are complete. */
  onProgress(listener: () => Promise<void>): void {
    this.listeners.push(listener);
  }

  async open(layout: Layout): Promise<void> {
    this.source = layout;
    // Slots that no column names would keep values alive that nobody can see.
    this.mustProject = !isCompact(layout);
    this.layout = compactLayout({ columns: layout.columns, width: layout.width });
    this.isOpen = true;
    await this.notify();
  }

  async push(batch: Row[]): Promise<void> {
    const rows = this.mustProject ? projectRows(batch, this.source.columns) : batch;
    for (const row of rows) {
      this.rows.push(row);
    }
  }

  async close(): Promise<void> {
    this.isComplete = true;
    await this.notify();
  }

  private async notify(): Promise<void> {
    for (const listener of this.listeners) {
      await listener();
    }
  }
}
