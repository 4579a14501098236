/**
 * Python's values as the engine holds them. A value that the input data can have is a plain JavaScript value wherever its type
 * and printing are still certain:
 *
 * - `str` is a string, `bool` a boolean, `None` is null, pandas' missing value is NaN;
 * - `int` is a number that is a safe integer, else a bigint (a bigint is never inside the safe range);
 * - `float` is a number that is no integer (NaN and infinities too), or a `PyFloat` where JavaScript could not tell it from an int;
 * - `list` is an array, `tuple` a `PyTuple`, `dict` a `PyDict`.
 *
 * Everything else a template can touch (functions, ranges, loop objects …) is a `PyObject`, whose methods are the only way to it.
 */
export type Value =
  string | boolean | null | number | bigint | PyFloat | Markup | Value[] | PyTuple | PyDict | Undefined | PyObject;

/** Keyword arguments of a call, in the order given. */
export type Kwargs = ReadonlyMap<string, Value>;

/** An exception of Python's, such as `TypeError`. The template front end turns it into an error with a position. */
export class PyError extends Error {
  constructor(
    readonly kind: PyErrorKind,
    detail: string,
  ) {
    super(detail);
    this.name = kind;
  }
}

export type PyErrorKind =
  | 'TypeError'
  | 'ValueError'
  | 'KeyError'
  | 'IndexError'
  | 'AttributeError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'RecursionError'
  | 'UndefinedError'
  | 'FilterArgumentError'
  | 'TemplateNotFound'
  | 'LimitError';

/** A float whose number is an integer (`3.0`, `-0.0`, `1e300`). Make floats with `pyFloat`, which decides. */
export class PyFloat {
  constructor(readonly value: number) {}
}

/** A string that is already HTML: the result of `tojson`, `escape` and `safe`. Adding a plain string to it escapes that string. */
export class Markup {
  constructor(readonly text: string) {}
}

/** A tuple; one with `names` gives its items by them too, as a named tuple does. */
export class PyTuple {
  constructor(
    readonly items: readonly Value[],
    readonly names?: readonly string[],
  ) {}
}

/** Why a name or attribute had no value; it prints as nothing, and using it in another way is an error that says so. */
export class Undefined {
  private constructor(
    private readonly name: string | null,
    private readonly hint: string | null,
  ) {}

  static named(name: string): Undefined {
    return new Undefined(name, null);
  }

  static because(hint: string): Undefined {
    return new Undefined(null, hint);
  }

  get message(): string {
    return this.hint ?? `'${this.name}' is undefined`;
  }
}

/** Base of the objects that only templates see. Each method is one of Python's protocols; the defaults refuse. */
export abstract class PyObject {
  abstract readonly typeName: string;

  /** What `str()` and `repr()` give. */
  repr(): string {
    return `<${this.typeName} object>`;
  }

  str(): string {
    return this.repr();
  }

  truthy(): boolean {
    return true;
  }

  equals(other: Value): boolean {
    return this === other;
  }

  /** An attribute, or undefined if there is none. Only what this method knows can be reached from a template. */
  attribute(_name: string): Value | undefined {
    return undefined;
  }

  /** An item (`value[key]`), or undefined if there is none. */
  item(_key: Value): Value | undefined {
    return undefined;
  }

  /** `value[start:stop:step]` for the indices of a sequence; undefined where the object cannot be sliced. */
  slice(_start: number, _stop: number, _step: number): Value | undefined {
    return undefined;
  }

  call(_args: readonly Value[], _kwargs: Kwargs): Value {
    throw new PyError('TypeError', `'${this.typeName}' object is not callable`);
  }

  isCallable(): boolean {
    return false;
  }

  /** The number of items, or undefined where Python's object has no `len()`. */
  size(): number | undefined {
    return undefined;
  }

  /** A fresh iterator (for one-shot iterators the same one), or undefined where the object is not iterable. */
  iterate(): Iterator<Value> | undefined {
    return undefined;
  }
}

const noKwargs: Kwargs = new Map();

/** A function that templates can call; `md5` and `fromjson` are given to them so. */
export class PyFunction extends PyObject {
  readonly typeName = 'function';

  constructor(
    readonly name: string,
    private readonly body: (args: readonly Value[], kwargs: Kwargs) => Value,
    private readonly printed = `<function ${name}>`,
  ) {
    super();
  }

  override call(args: readonly Value[], kwargs: Kwargs = noKwargs): Value {
    return this.body(args, kwargs);
  }

  override isCallable(): boolean {
    return true;
  }

  override repr(): string {
    return this.printed;
  }
}

/** A value, or another where there is none. Not `??`, which would take `None` for none. */
export function orElse(value: Value | undefined, other: Value): Value;
export function orElse(value: Value | undefined, other: Value | undefined): Value | undefined;
export function orElse(value: Value | undefined, other: Value | undefined): Value | undefined {
  return value === undefined ? other : value;
}

/** The canonical value of a float. */
export function pyFloat(x: number): Value {
  return Number.isInteger(x) ? new PyFloat(x) : x;
}

/** The canonical value of an int of any size. */
export function pyInt(x: bigint): Value {
  return x >= minSafe && x <= maxSafe ? Number(x) : x;
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);
const minSafe = BigInt(Number.MIN_SAFE_INTEGER);

type HashKey = string | number | bigint | null | PyObject | Undefined;

/**
 * Python's dict: insertion ordered, keys equal as in Python (`1`, `1.0` and `True` are one key, which keeps its first spelling).
 * String keys, nearly all there are, go straight into the map; `spellings` keeps the others as they were given.
 */
export class PyDict {
  private readonly entriesByHash = new Map<HashKey, Value>();
  private spellings: Map<HashKey, Value> | undefined;

  static fromEntries(entries: Iterable<readonly [Value, Value]>): PyDict {
    const dict = new PyDict();
    for (const [key, value] of entries) {
      dict.set(key, value);
    }
    return dict;
  }

  get size(): number {
    return this.entriesByHash.size;
  }

  get(key: Value): Value | undefined {
    return this.entriesByHash.get(hashKey(key));
  }

  has(key: Value): boolean {
    return this.entriesByHash.has(hashKey(key));
  }

  set(key: Value, value: Value): this {
    const hash = hashKey(key);
    if (hash !== key && !this.entriesByHash.has(hash)) {
      (this.spellings ??= new Map()).set(hash, key);
    }
    this.entriesByHash.set(hash, value);
    return this;
  }

  delete(key: Value): boolean {
    const hash = hashKey(key);
    this.spellings?.delete(hash);
    return this.entriesByHash.delete(hash);
  }

  clear(): void {
    this.entriesByHash.clear();
    this.spellings = undefined;
  }

  *keys(): IterableIterator<Value> {
    for (const hash of this.entriesByHash.keys()) {
      yield this.spellings?.get(hash) ?? hash;
    }
  }

  values(): IterableIterator<Value> {
    return this.entriesByHash.values();
  }

  *entries(): IterableIterator<[Value, Value]> {
    for (const [hash, value] of this.entriesByHash) {
      yield [this.spellings?.get(hash) ?? hash, value];
    }
  }

  copy(): PyDict {
    return PyDict.fromEntries(this.entries());
  }
}

/** One JavaScript value per class of keys that Python holds equal. Tuples become text, and texts that look so are moved aside. */
function hashKey(key: Value): HashKey {
  if (typeof key === 'string') {
    return key.charCodeAt(0) === 0 ? `\0s${key}` : key;
  }
  if (typeof key === 'boolean') {
    return key ? 1 : 0;
  }
  if (key === null || typeof key === 'number' || typeof key === 'bigint') {
    return key;
  }
  if (key instanceof PyFloat) {
    return floatHash(key.value);
  }
  if (key instanceof Markup) {
    return hashKey(key.text);
  }
  if (key instanceof PyTuple) {
    return `\0t${key.items.map(tuplePart).join('')}`;
  }
  if (Array.isArray(key) || key instanceof PyDict) {
    throw new PyError('TypeError', `unhashable type: '${Array.isArray(key) ? 'list' : 'dict'}'`);
  }
  return key;
}

function floatHash(x: number): number | bigint {
  return Number.isSafeInteger(x) ? x + 0 : BigInt(x);
}

/** Length-prefixed, so that no two different tuples give one text. */
function tuplePart(item: Value): string {
  const hash = hashKey(item);
  if (hash instanceof PyObject || hash instanceof Undefined) {
    throw new PyError('TypeError', 'only plain values can be part of a key that is a tuple');
  }
  const text = String(hash);
  const type = typeof hash === 'string' ? 's' : 'n';
  return `${type}${text.length}:${text}`;
}
