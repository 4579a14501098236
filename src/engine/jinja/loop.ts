import { pyEquals } from '../python/compare';
import { toIterator, tryArray } from '../python/iterate';
import { PyIterator } from '../python/objects';
import { typeName } from '../python/types';
import { PyError, PyFunction, PyObject, PyTuple, Undefined, orElse, type Kwargs, type Value } from '../python/values';

/** What comes from an iterator as it is asked for: a loop's body may change what later items depend on. */
export class Lazy {
  readonly items: Value[] = [];

  /** @param next gives the next item, or undefined at the end */
  constructor(private readonly next: () => Value | undefined) {}

  /** Appends the next item; false at the end. */
  pull(): boolean {
    const item = this.next();
    if (item === undefined) {
      return false;
    }
    this.items.push(item);
    return true;
  }
}

/** What a loop goes through by index: the list itself, so that it sees what its body appends, or items as they come. */
export type Series = readonly Value[] | Lazy;

/** @throws PyError for what cannot be iterated over */
export function seriesOf(value: Value): Series {
  const items = Array.isArray(value) ? value : value instanceof PyIterator ? undefined : tryArray(value);
  if (items) {
    return items;
  }
  if (value instanceof PyIterator) {
    return new Lazy(iteratorStepper(value.iterate()));
  }
  throw new PyError('TypeError', `'${typeName(value)}' object is not iterable`);
}

/** The items that pass a test, which is asked only when the loop comes to them. */
export function filteredSeries(value: Value, test: (item: Value) => boolean): Lazy {
  const next = Array.isArray(value) ? listStepper(value) : iteratorStepper(toIterator(value));
  return new Lazy(() => {
    let item = next();
    while (item !== undefined && !test(item)) {
      item = next();
    }
    return item;
  });
}

/** By index, which is faster than the list's iterator and sees what is appended too. */
function listStepper(list: readonly Value[]): () => Value | undefined {
  let index = 0;
  return () => list[index++];
}

function iteratorStepper(iterator: Iterator<Value>): () => Value | undefined {
  return () => {
    const next = iterator.next();
    return next.done ? undefined : next.value;
  };
}

export function itemsOf(series: Series): readonly Value[] {
  return series instanceof Lazy ? series.items : series;
}

/** Whether an item follows the one at `index`. */
export function hasNext(series: Series, index: number): boolean {
  return itemsOf(series).length > index + 1 || (series instanceof Lazy && series.pull());
}

/** The number of all items; what has no length is read to its end. */
export function seriesLength(series: Series): number {
  while (series instanceof Lazy && series.pull()) {
    // Each pull keeps one item.
  }
  return itemsOf(series).length;
}

/** The variable `loop`, for templates that use more of it than the generated code keeps in plain variables. */
export class LoopContext extends PyObject {
  readonly typeName = 'LoopContext';
  index0 = 0;
  private lastChanged: readonly Value[] | undefined;

  /** @param recurse renders the loop's body for other items, in a recursive loop. */
  constructor(
    private readonly series: Series,
    private readonly depth0: number,
    private readonly recurse: ((items: Value, depth: number) => string) | undefined,
  ) {
    super();
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'index':
        return this.index0 + 1;
      case 'index0':
        return this.index0;
      case 'first':
        return this.index0 === 0;
      case 'last':
        return !hasNext(this.series, this.index0);
      case 'length':
        return seriesLength(this.series);
      case 'revindex':
        return seriesLength(this.series) - this.index0;
      case 'revindex0':
        return seriesLength(this.series) - this.index0 - 1;
      case 'depth':
        return this.depth0 + 1;
      case 'depth0':
        return this.depth0;
      case 'previtem':
        return orElse(itemsOf(this.series)[this.index0 - 1], Undefined.because('there is no previous item'));
      case 'nextitem':
        return hasNext(this.series, this.index0)
          ? itemsOf(this.series)[this.index0 + 1]
          : Undefined.because('there is no next item');
      case 'cycle':
        return new PyFunction('cycle', (args) => this.cycle(args));
      case 'changed':
        return new PyFunction('changed', (args) => this.changed(args));
      default:
        return undefined;
    }
  }

  private cycle(args: readonly Value[]): Value {
    const value = args[this.index0 % args.length];
    if (value === undefined) {
      throw new PyError('TypeError', 'no items for cycling given');
    }
    return value;
  }

  private changed(args: readonly Value[]): boolean {
    const same = this.lastChanged !== undefined && pyEquals(new PyTuple(this.lastChanged), new PyTuple(args));
    this.lastChanged = args;
    return !same;
  }

  override isCallable(): boolean {
    return true;
  }

  override call(args: readonly Value[], _kwargs: Kwargs): Value {
    const [items] = args;
    if (!this.recurse) {
      throw new PyError('TypeError', "The loop must have the 'recursive' marker to be called recursively.");
    }
    if (items === undefined || args.length > 1) {
      throw new PyError('TypeError', 'loop() takes exactly one argument');
    }
    return this.recurse(items, this.depth0 + 1);
  }

  override size(): number {
    return seriesLength(this.series);
  }

  override repr(): string {
    return `<LoopContext ${this.index0 + 1}/${seriesLength(this.series)}>`;
  }
}
