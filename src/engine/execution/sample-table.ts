import type { Value } from '../python/values';
import { columnNames, projectRows, type Layout, type Row } from '../table';
import type { Consumer } from './consumer';

/** Keeps the first rows of a node. */
export class SampleTable implements Consumer {
  columns: string[] = [];
  readonly rows: Value[][] = [];
  private layout: Layout = { columns: [], width: 0 };

  constructor(
    readonly ref: string,
    private readonly count: number,
  ) {}

  get isFull(): boolean {
    return this.rows.length >= this.count;
  }

  open(layout: Layout): Promise<void> {
    this.layout = layout;
    this.columns = columnNames(layout);
    return Promise.resolve();
  }

  push(batch: Row[]): Promise<void> {
    this.rows.push(...projectRows(batch.slice(0, this.count - this.rows.length), this.layout.columns));
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
