import type { HeldMemory } from '../held/held-memory';
import type { HeldRows } from '../held/held-rows';
import type { BundleFiles } from '../project/bundle-files';
import type { NodeConfig } from '../project/node-config';
import type { Layout, Row } from '../table';
import type { Templates } from '../templates';
import type { WarningSink } from '../warnings';

/** What operations may use while their settings are read and when they meet their columns. */
export interface OperationContext {
  readonly files: BundleFiles;
  readonly templates: Templates;
  readonly warn: WarningSink;
  /** Where operations account for what they hold of the rows that went through. */
  readonly memory: HeldMemory;
  /** Whether any operation of the bundle looks at pandas' row labels, which then must be kept (see `row-labels.ts`). */
  readonly tracksLabels: boolean;
}

/** Another node's table, read to its end. */
export interface SideTable {
  readonly layout: Layout;
  readonly rows: HeldRows;
}

/** An operation whose settings are known to be right, before any row is read. */
export interface PlannedOperation {
  /** The other nodes it reads, as the bundle refers to them. */
  readonly sides: readonly string[];
  /** Its rows can start before the other nodes' rows are there; it asks for those in `finish`. */
  readonly sidesLater?: boolean;
  /** Which columns its result has depends on its rows. */
  readonly columnsFromRows?: boolean;
  /** Meets the columns it will work on. @throws BundleError */
  bind(layout: Layout, sides: readonly SideTable[]): BoundOperation;
}

/** Counts the rows that an operation lets go no further. */
export interface RowLoss {
  /** A condition, an equal row before, no match in another table, or more than it takes. */
  readonly reason: 'filtered' | 'repeated' | 'unmatched' | 'limited';
  /** The bundle's condition, columns or keys, for people. */
  readonly detail: string | undefined;
  rows: number;
}

/** Rows go through as they come. */
export interface StreamingOperation {
  readonly kind: 'streaming';
  readonly layout: Layout;
  /**
   * What it does to rows: `kept` hands on the very arrays it was given, `changed` writes into them (so it is given its own),
   * `new` makes new ones.
   */
  readonly rows: 'kept' | 'changed' | 'new';
  /**
   * The slots that it looks at, if every other slot of its rows goes on under its number: then those that nobody looks at later need
   * not be filled. Undefined if it looks at all columns.
   */
  readonly uses?: readonly number[];
  readonly loss?: RowLoss | undefined;
  push(batch: Row[]): Row[];
  /** What comes after the last batch. */
  finish?(): Iterable<Row[]>;
  /** Lets go of what it holds, after everything. */
  release?(): void;
}

/** All rows are needed before the first can go on, or the columns are not known before. Its rows are new ones. */
export interface BlockingOperation {
  readonly kind: 'blocking';
  /** Whether it writes into the rows it is given (so it is given its own), or leaves them as they are. */
  readonly rows: 'kept' | 'changed';
  /** The slots that it looks at, if the others' values are lost. Undefined if it looks at all columns. */
  readonly uses?: readonly number[];
  readonly loss?: RowLoss | undefined;
  push(batch: Row[]): void;
  finish(): { readonly layout: Layout; readonly batches: Iterable<Row[]> };
  /** Lets go of what it holds, when all its rows have gone on. */
  release(): void;
}

export type BoundOperation = StreamingOperation | BlockingOperation;

/** Reads an operation's settings. One that the bundle writes as one may be several steps. @throws BundleError */
export type OperationPlanner = (config: NodeConfig, context: OperationContext) => PlannedOperation | readonly PlannedOperation[];

export const batchSize = 1_000;

/** Rows in batches of the usual size. @param change what is to be written into each before */
export function* inBatches(rows: Iterable<Row>, change?: (row: Row) => void): Generator<Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    change?.(row);
    batch.push(row);
    if (batch.length === batchSize) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}

/** A streaming operation that changes only which columns there are, not the rows. */
export function relabel(layout: Layout): StreamingOperation {
  return { kind: 'streaming', layout, rows: 'kept', uses: [], push: (batch) => batch };
}
