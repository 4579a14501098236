import { numberBytes, type HeldAccount } from '../held/held-memory';
import { HeldColumn } from '../held/held-column';
import { HeldRows } from '../held/held-rows';
import { KeyIndex } from '../held/key-index';
import { PyError, type Value } from '../python/values';
import { rowKey } from '../row-key';
import { isMissing, type Row } from '../table';
import type { Aggregate, Fold } from './aggregates';
import { byGroup, type Grouping } from './by-group';
import { sortedNumbers } from './sorted-numbers';
import { compareKeys } from './value-order';

export interface GroupColumn {
  readonly aggregate: Aggregate;
  /** Of the column that the function takes; undefined for one that takes none. */
  readonly slot: number | undefined;
  readonly separator: string;
}

/** What a fold takes for a group: its value, and two places in lists. */
const foldBytes = 2 * numberBytes + 32;

/** Groups rows by some columns. Of the rows it holds only the values of functions that need them all. */
export class GroupTable {
  private readonly keyOf: (row: Row) => unknown;
  private readonly keys: KeyIndex;
  private readonly keyValues: readonly HeldColumn[];
  private readonly counts: number[] = [];
  /** By the created column's number. */
  private readonly folds: readonly (ColumnFold | undefined)[];
  private readonly listed: HeldRows;
  private readonly needsLists: boolean;
  private readonly foldCount: number;
  /** Each held row's group. */
  private readonly groups: number[] = [];
  private grouping: Grouping | undefined;

  constructor(
    private readonly keySlots: readonly number[],
    private readonly columns: readonly GroupColumn[],
    private readonly account: HeldAccount,
  ) {
    this.keyOf = rowKey(keySlots);
    this.keys = new KeyIndex(account);
    this.keyValues = keySlots.map(() => new HeldColumn(account));
    this.folds = columns.map(({ aggregate, slot }) =>
      aggregate.kind === 'fold' && slot !== undefined ? new ColumnFold(aggregate.start, slot) : undefined,
    );
    this.foldCount = this.folds.filter((fold) => fold !== undefined).length;
    const slots = columns.flatMap(({ aggregate, slot }) => (aggregate.kind === 'list' && slot !== undefined ? [{ slot }] : []));
    this.needsLists = slots.length > 0;
    this.listed = new HeldRows(slots, 0, account);
  }

  push(batch: readonly Row[]): void {
    // pandas leaves out rows whose key is missing.
    const rows = batch.filter((row) => !this.keySlots.some((slot) => isMissing(row[slot] as Value)));
    const groups = rows.map((row) => this.groupOf(row));
    for (const group of groups) {
      this.counts[group] = (this.counts[group] ?? 0) + 1;
    }
    this.folds.forEach((fold) => fold?.push(rows, groups));
    if (this.needsLists) {
      this.account.hold({ bytes: numberBytes * rows.length });
      groups.forEach((group) => this.groups.push(group));
      this.listed.push(rows);
    }
  }

  /** The groups' numbers in the order of their keys, when all rows are there. @throws BundleError `too_much_to_hold` */
  finish(): Uint32Array {
    this.listed.seal();
    this.keyValues.forEach((column) => column.seal());
    this.grouping = byGroup(this.groups, this.keys.size, this.account);
    const sortKeys = this.keyValues.map((values) => ({ values, compare: compareKeys }));
    return sortedNumbers(this.keys.size, sortKeys, this.account);
  }

  keyOfGroup(group: number): Value[] {
    return this.keyValues.map((column) => column.get(group));
  }

  /** A column's value for a group. @throws PyError if the function cannot take the group's values */
  valueOf(column: number, group: number): Value {
    const { aggregate, slot, separator } = this.columns[column] as GroupColumn;
    switch (aggregate.kind) {
      case 'count':
        return this.counts[group] as number;
      case 'fold':
        return this.folds[column]?.resultOf(group) ?? NaN;
      case 'list':
        return aggregate.of(this.listOf(slot as number, group), separator);
    }
  }

  private groupOf(row: Row): number {
    const group = this.keys.add(this.keyOf(row));
    if (group === this.counts.length) {
      this.counts.push(0);
      this.account.hold({ bytes: numberBytes + foldBytes * this.foldCount });
      this.keySlots.forEach((slot, index) => this.keyValues[index]?.add(row[slot] as Value));
    }
    return group;
  }

  private listOf(slot: number, group: number): Value[] {
    const { starts, items } = this.grouping as Grouping;
    const column = this.listed.column(slot);
    const values: Value[] = [];
    for (let at = starts[group] as number; at < (starts[group + 1] as number); at++) {
      values.push(column.get(items[at] as number));
    }
    return values;
  }
}

/** A fold, and the groups whose values it could not take: only their results are errors, as if they were computed at the end. */
class ColumnFold {
  private readonly fold: Fold;
  private readonly refusals = new Map<number, PyError>();

  constructor(
    start: () => Fold,
    private readonly slot: number,
  ) {
    this.fold = start();
  }

  push(rows: readonly Row[], groups: readonly number[]): void {
    rows.forEach((row, index) => this.add(groups[index] as number, row[this.slot] as Value));
  }

  resultOf(group: number): Value {
    const refusal = this.refusals.get(group);
    if (refusal !== undefined) {
      throw refusal;
    }
    return this.fold.result(group);
  }

  private add(group: number, value: Value): void {
    if (this.refusals.has(group)) {
      return;
    }
    try {
      this.fold.add(group, value);
    } catch (error) {
      if (!(error instanceof PyError)) {
        throw error;
      }
      this.refusals.set(group, error);
    }
  }
}
