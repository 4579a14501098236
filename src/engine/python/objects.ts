import { pyEquals, sameOrEqual } from './compare';
import { pyRepr } from './print';
import { PyDict, PyError, PyFunction, PyObject, PyTuple, type Kwargs, type Value } from './values';

/** A generator or iterator: its items come once. */
export class PyIterator extends PyObject {
  private readonly items: Iterator<Value>;

  constructor(
    readonly typeName: string,
    items: Iterable<Value>,
  ) {
    super();
    this.items = items[Symbol.iterator]();
  }

  override iterate(): Iterator<Value> {
    return this.items;
  }
}

export class PyRange extends PyObject {
  readonly typeName = 'range';
  readonly length: number;

  constructor(
    private readonly start: number,
    private readonly stop: number,
    private readonly step: number,
  ) {
    super();
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }

  at(index: number): number {
    return this.start + index * this.step;
  }

  override size(): number {
    return this.length;
  }

  override truthy(): boolean {
    return this.length > 0;
  }

  override item(key: Value): Value | undefined {
    if (typeof key !== 'number' || !Number.isInteger(key)) {
      return undefined;
    }
    const index = key < 0 ? key + this.length : key;
    return index >= 0 && index < this.length ? this.at(index) : undefined;
  }

  override slice(start: number, stop: number, step: number): Value {
    return new PyRange(this.at(start), this.at(stop), this.step * step);
  }

  override *iterate(): Generator<Value, undefined> {
    for (let i = 0; i < this.length; i++) {
      yield this.at(i);
    }
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.iterate();
  }

  private indexOf(wanted: Value): number {
    const index = Array.from(this).findIndex((item) => pyEquals(item, wanted));
    if (index < 0) {
      throw new PyError('ValueError', `${pyRepr(wanted)} is not in range`);
    }
    return index;
  }

  override equals(other: Value): boolean {
    return (
      other instanceof PyRange &&
      other.length === this.length &&
      (this.length === 0 || (other.start === this.start && (this.length === 1 || other.step === this.step)))
    );
  }

  override repr(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? '' : `, ${this.step}`})`;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'start':
        return this.start;
      case 'stop':
        return this.stop;
      case 'step':
        return this.step;
      case 'index':
        return new PyFunction('index', ([wanted]) => this.indexOf(wanted as Value));
      case 'count':
        return new PyFunction('count', ([wanted]) => (includesValue(Array.from(this), wanted as Value) ? 1 : 0));
      default:
        return undefined;
    }
  }
}

/** What `dict.keys()`, `.values()` and `.items()` give: a live view. */
export class DictView extends PyObject {
  readonly typeName: string;

  constructor(
    private readonly dict: PyDict,
    private readonly kind: 'keys' | 'values' | 'items',
  ) {
    super();
    this.typeName = `dict_${kind}`;
  }

  override size(): number {
    return this.dict.size;
  }

  override truthy(): boolean {
    return this.dict.size > 0;
  }

  override *iterate(): Generator<Value, undefined> {
    switch (this.kind) {
      case 'keys':
        yield* this.dict.keys();
        return;
      case 'values':
        yield* this.dict.values();
        return;
      case 'items':
        for (const [key, value] of this.dict.entries()) {
          yield new PyTuple([key, value]);
        }
    }
  }

  /** Keys and items compare as sets. */
  override equals(other: Value): boolean {
    if (!(other instanceof DictView) || other.kind !== this.kind || this.kind === 'values') {
      return this === other;
    }
    const others = Array.from({ [Symbol.iterator]: () => other.iterate() });
    return (
      this.dict.size === others.length &&
      Array.from(this).every((item) => others.some((candidate) => sameOrEqual(item, candidate)))
    );
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.iterate();
  }

  override repr(): string {
    return `${this.typeName}(${pyRepr(Array.from(this))})`;
  }
}

/** Jinja's `namespace()`: the only object whose attributes a template can set. */
export class Namespace extends PyObject {
  readonly typeName = 'Namespace';

  constructor(private readonly attributes: PyDict) {
    super();
  }

  override attribute(name: string): Value | undefined {
    return this.attributes.get(name);
  }

  assign(name: string, value: Value): void {
    this.attributes.set(name, value);
  }

  override repr(): string {
    return `<Namespace ${pyRepr(this.attributes)}>`;
  }
}

export class Joiner extends PyObject {
  readonly typeName = 'Joiner';
  private used = false;

  constructor(private readonly separator: Value) {
    super();
  }

  override isCallable(): boolean {
    return true;
  }

  override call(_args: readonly Value[], _kwargs: Kwargs): Value {
    const first = !this.used;
    this.used = true;
    return first ? '' : this.separator;
  }

  override attribute(name: string): Value | undefined {
    return name === 'sep' ? this.separator : name === 'used' ? this.used : undefined;
  }
}

export class Cycler extends PyObject {
  readonly typeName = 'Cycler';
  private position = 0;

  constructor(private readonly items: readonly Value[]) {
    super();
    if (items.length === 0) {
      throw new PyError('TypeError', 'at least one item has to be provided');
    }
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'current':
        return this.current();
      case 'next':
        return new PyFunction('next', () => this.next());
      case 'reset':
        return new PyFunction('reset', () => {
          this.position = 0;
          return null;
        });
      case 'pos':
        return this.position;
      case 'items':
        return new PyTuple(this.items);
      default:
        return undefined;
    }
  }

  private current(): Value {
    return this.items[this.position] as Value;
  }

  private next(): Value {
    const value = this.current();
    this.position = (this.position + 1) % this.items.length;
    return value;
  }
}

/** Whether `value` is one of `items`. */
export function includesValue(items: Iterable<Value>, value: Value): boolean {
  for (const item of items) {
    // Two texts that are not the same are not equal either, which spares the long way.
    if (item === value || ((typeof item !== 'string' || typeof value !== 'string') && pyEquals(item, value))) {
      return true;
    }
  }
  return false;
}
