import { PyError } from '../python/values';
import { BundleError, MissingColumnError, type BundleErrorPlace } from '../errors';
import type { BoundOperation, PlannedOperation, RowLoss, SideTable } from '../operations/operation';
import { slotsOf, type InputOrigin, type Layout, type Row } from '../table';
import type { Consumer } from './consumer';

interface Stage {
  readonly bound: BoundOperation;
  readonly input: Layout;
  /** Whether it writes into rows that others read: then it is given copies. */
  readonly copies: boolean;
}

/** The operations of one transformation, one after the other. Those behind a blocking one meet their columns when it is through. */
export class OperationChain {
  private readonly stages: (Stage | undefined)[] = [];
  private owned: boolean;
  /** Whether all have met their columns, and what follows them too. */
  private isBound = false;
  private origin: InputOrigin | undefined;

  constructor(
    private readonly operations: readonly { readonly planned: PlannedOperation; readonly sides: readonly SideTable[] }[],
    private readonly target: Consumer,
    private readonly place: BundleErrorPlace,
    owned: boolean,
    /** Hears of what lets rows of an input go, as it is bound. */
    private readonly onLoss: (loss: RowLoss) => void,
  ) {
    this.owned = owned;
  }

  async open(layout: Layout): Promise<void> {
    this.origin = layout.origin;
    await this.bindFrom(0, layout);
  }

  /** The slots of the rows it is given that it, or what follows, looks at; undefined for all that have a column. */
  slots(): ReadonlySet<number> | undefined {
    // What follows a blocking operation has not met its columns yet; that operation says what it looks at itself.
    let needed = this.isBound ? this.target.slots?.() : undefined;
    for (const { bound, input } of this.stages.filter((stage) => stage !== undefined).reverse()) {
      const passedOn = bound.kind === 'streaming' ? needed : [];
      needed = bound.uses === undefined || passedOn === undefined ? slotsOf(input) : new Set([...bound.uses, ...passedOn]);
    }
    return needed;
  }

  async push(batch: Row[]): Promise<void> {
    await this.pushFrom(0, batch);
  }

  async close(): Promise<void> {
    for (let i = 0; i < this.operations.length; i++) {
      const { bound } = this.stages[i] as Stage;
      if (bound.kind === 'streaming') {
        await this.pushAll(i + 1, bound.finish?.() ?? []);
      } else {
        const { layout, batches } = this.guard(() => bound.finish());
        await this.bindFrom(i + 1, layout);
        await this.pushAll(i + 1, batches);
      }
      bound.release?.();
      this.stages[i] = undefined;
    }
    await this.target.close();
  }

  private async bindFrom(start: number, layout: Layout): Promise<void> {
    let current = layout;
    for (let i = start; i < this.operations.length; i++) {
      const { planned, sides } = this.operations[i] as (typeof this.operations)[number];
      const bound = this.bind(planned, current, sides);
      if (bound.loss !== undefined && this.origin !== undefined) {
        this.onLoss(bound.loss);
      }
      this.stages[i] = { bound, input: current, copies: bound.rows === 'changed' && !this.owned };
      this.owned = this.owned || bound.rows !== 'kept';
      if (bound.kind === 'blocking') {
        this.owned = true;
        return;
      }
      current = bound.layout;
    }
    await this.target.open({ ...current, origin: this.origin }, this.owned);
    this.isBound = true;
  }

  /** A column that neither the input has nor an operation made is missing in the input, and that is what its sender can mend. */
  private bind(planned: PlannedOperation, layout: Layout, sides: readonly SideTable[]): BoundOperation {
    try {
      return this.guard(() => planned.bind(layout, sides));
    } catch (error) {
      const { origin } = this;
      throw error instanceof MissingColumnError && origin && !origin.columns.has(error.missing)
        ? error.inInput(origin.file)
        : error;
    }
  }

  private async pushAll(from: number, batches: Iterable<Row[]>): Promise<void> {
    for (const batch of batches) {
      await this.pushFrom(from, batch);
    }
  }

  private async pushFrom(start: number, batch: Row[]): Promise<void> {
    let rows = batch;
    for (let i = start; i < this.stages.length && rows.length > 0; i++) {
      const { bound, copies } = this.stages[i] as Stage;
      const input = copies ? rows.map((row) => row.slice()) : rows;
      if (bound.kind === 'blocking') {
        this.guard(() => bound.push(input));
        return;
      }
      rows = this.guard(() => bound.push(input));
    }
    if (rows.length > 0) {
      await this.target.push(rows);
    }
  }

  /** What an operation does not foresee of Python's errors is still the bundle's, not ours. */
  private guard<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw error instanceof PyError ? new BundleError('operation_failed', error.message, this.place, { cause: error }) : error;
    }
  }
}
