import type { Value } from '../python/values';
import type { Column, Layout, Row } from '../table';
import type { HeldAccount } from './held-memory';
import { HeldColumn } from './held-column';

interface HeldSlot {
  readonly slot: number;
  readonly column: HeldColumn;
}

/** Rows that are kept, column by column and in little memory. It keeps none of the arrays it is given, and gives new ones. */
export class HeldRows {
  length = 0;
  private readonly slots: readonly HeldSlot[];
  private readonly bySlot: readonly (HeldColumn | undefined)[];

  /**
   * @param columns those whose values are kept, in their slots
   * @param width of the rows that it gives
   */
  constructor(
    columns: readonly Pick<Column, 'slot'>[],
    private readonly width: number,
    private readonly account: HeldAccount,
  ) {
    this.slots = [...new Set(columns.map(({ slot }) => slot))].map((slot) => ({ slot, column: new HeldColumn(account) }));
    const bySlot: (HeldColumn | undefined)[] = [];
    this.slots.forEach(({ slot, column }) => (bySlot[slot] = column));
    this.bySlot = bySlot;
  }

  /** Of all columns of a table, and its labels. */
  static of(layout: Layout, account: HeldAccount): HeldRows {
    const labels = layout.labelSlot === undefined ? [] : [{ slot: layout.labelSlot }];
    return new HeldRows([...layout.columns, ...labels], layout.width, account);
  }

  /** @throws BundleError `too_much_to_hold` */
  push(batch: readonly Row[]): void {
    for (const { slot, column } of this.slots) {
      for (const row of batch) {
        column.add(row[slot] as Value);
      }
    }
    this.length += batch.length;
    this.account.hold({ rows: batch.length, bytes: 0 });
  }

  /** Nothing comes after. */
  seal(): void {
    this.slots.forEach(({ column }) => column.seal());
  }

  column(slot: number): HeldColumn {
    return this.bySlot[slot] as HeldColumn;
  }

  row(index: number): Row {
    const row: Row = new Array<Value>(this.width);
    if (this.slots.length < this.width) {
      row.fill(null);
    }
    for (const { slot, column } of this.slots) {
      row[slot] = column.get(index);
    }
    return row;
  }

  /** @param order the numbers of the rows; by default as they were pushed */
  *rows(order?: Iterable<number>): Generator<Row> {
    if (order === undefined) {
      for (let index = 0; index < this.length; index++) {
        yield this.row(index);
      }
    } else {
      for (const index of order) {
        yield this.row(index);
      }
    }
  }
}
