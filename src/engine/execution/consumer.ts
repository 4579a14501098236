import type { Layout, Row } from '../table';

/** Takes a table: its columns, its rows in batches, its end, in this order, each awaited before the next. */
export interface Consumer {
  /**
   * @param owned whether the rows are this consumer's alone, to be changed as it likes; else others read the same ones
   */
  open(layout: Layout, owned: boolean): Promise<void>;
  /**
   * The slots it will look at, after `open`; undefined, as if it were not there, for all that the layout's columns are in. Sources
   * leave the others out.
   */
  slots?(): ReadonlySet<number> | undefined;
  push(batch: Row[]): Promise<void>;
  close(): Promise<void>;
}
