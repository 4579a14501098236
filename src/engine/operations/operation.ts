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
  /** Whether any operation of the bundle looks at pandas' row labels, which then must be kept (see `row-labels.ts`). */
  readonly tracksLabels: boolean;
}

/** Another node's table, read to its end. The rows may be shared: they must not be changed. */
export interface SideTable {
  readonly layout: Layout;
  readonly rows: readonly Row[];
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
  push(batch: Row[]): Row[];
  /** What comes after the last batch. */
  finish?(): Iterable<Row[]>;
}

/** All rows are needed before the first can go on, or the columns are not known before. It may keep and change the rows it is given. */
export interface BlockingOperation {
  readonly kind: 'blocking';
  readonly rows: 'kept' | 'changed';
  push(batch: Row[]): void;
  finish(): { readonly layout: Layout; readonly batches: Iterable<Row[]> };
}

export type BoundOperation = StreamingOperation | BlockingOperation;

/** Reads an operation's settings. One that the bundle writes as one may be several steps. @throws BundleError */
export type OperationPlanner = (config: NodeConfig, context: OperationContext) => PlannedOperation | readonly PlannedOperation[];

export const batchSize = 1_000;

/** Rows in batches of the usual size. */
export function* inBatches(rows: Iterable<Row>): Generator<Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
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
