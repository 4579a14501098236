import { bindArguments, intArgument, type Parameters } from './arguments';
import { pyEquals, sortValues, truthy } from './compare';
import { toArray } from './iterate';
import { DictView } from './objects';
import { limits } from './limits';
import { pyRepr } from './print';
import { wrap } from './subscript';
import { typeName } from './types';
import { PyDict, PyError, PyTuple, orElse, type Kwargs, type Value } from './values';

interface Method<T> {
  readonly parameters: Parameters;
  readonly call: (self: T, args: readonly (Value | undefined)[]) => Value;
}

type Table<T> = ReadonlyMap<string, Method<T>>;

function table<T>(methods: Record<string, [Parameters, Method<T>['call']]>): Table<T> {
  return new Map(Object.entries(methods).map(([name, [parameters, call]]) => [name, { parameters, call }]));
}

/** Runs a change that returns nothing. */
function done(_result: unknown): null {
  return null;
}

function grow(list: Value[], items: readonly Value[]): null {
  if (list.length + items.length > limits.listLength) {
    throw new PyError('LimitError', `a list of more than ${limits.listLength} items`);
  }
  for (const item of [...items]) {
    list.push(item);
  }
  return null;
}

function indexOf(items: readonly Value[], args: readonly (Value | undefined)[]): number {
  const [wanted, start, stop] = args;
  const size = items.length;
  const from = Math.max(0, wrap(intArgument(start, 0), size));
  const to = Math.min(size, wrap(intArgument(stop, size), size));
  for (let i = from; i < to; i++) {
    if (pyEquals(items[i] as Value, wanted as Value)) {
      return i;
    }
  }
  return -1;
}

function foundIndex(items: readonly Value[], args: readonly (Value | undefined)[], what: string): number {
  const at = indexOf(items, args);
  if (at < 0) {
    throw new PyError('ValueError', what);
  }
  return at;
}

function countOf(items: readonly Value[], wanted: Value): number {
  return items.filter((item) => pyEquals(item, wanted)).length;
}

function popItem(list: Value[], position: Value | undefined): Value {
  const at = wrap(intArgument(position, -1), list.length);
  const [item] = at >= 0 ? list.splice(at, 1) : [];
  if (item === undefined) {
    throw new PyError('IndexError', list.length === 0 ? 'pop from empty list' : 'pop index out of range');
  }
  return item;
}

function sortInPlace(list: Value[], reverse: Value | undefined): null {
  list.splice(0, list.length, ...sortValues(list, (item) => item, reverse !== undefined && truthy(reverse)));
  return null;
}

export const listMethods: Table<Value[]> = table<Value[]>({
  append: [['/object'], (list, [item]) => grow(list, [item as Value])],
  clear: [[], (list) => done(list.splice(0))],
  copy: [[], (list) => [...list]],
  count: [['/value'], (list, [value]) => countOf(list, value as Value)],
  extend: [['/iterable'], (list, [items]) => grow(list, toArray(items as Value))],
  index: [['/value', '/start?', '/stop?'], (list, args) => foundIndex(list, args, `${pyRepr(args[0] as Value)} is not in list`)],
  insert: [
    ['/index', '/object'],
    (list, [at, item]) => done(list.splice(Math.max(0, wrap(intArgument(at), list.length)), 0, item as Value)),
  ],
  pop: [['/index?'], (list, [at]) => popItem(list, at)],
  remove: [['/value'], (list, args) => done(list.splice(foundIndex(list, args, 'list.remove(x): x not in list'), 1))],
  reverse: [[], (list) => done(list.reverse())],
  sort: [['reverse?'], (list, [reverse]) => sortInPlace(list, reverse)],
});

export const tupleMethods: Table<PyTuple> = table<PyTuple>({
  count: [['/value'], (tuple, [value]) => countOf(tuple.items, value as Value)],
  index: [['/value', '/start?', '/stop?'], (tuple, args) => foundIndex(tuple.items, args, 'tuple.index(x): x not in tuple')],
});

function popKey(dict: PyDict, key: Value, fallback: Value | undefined): Value {
  const value = orElse(dict.get(key), fallback);
  if (value === undefined) {
    throw new PyError('KeyError', pyRepr(key));
  }
  dict.delete(key);
  return value;
}

function popLast(dict: PyDict): Value {
  const last = Array.from(dict.entries()).at(-1);
  if (!last) {
    throw new PyError('KeyError', "'popitem(): dictionary is empty'");
  }
  dict.delete(last[0]);
  return new PyTuple(last);
}

function setDefault(dict: PyDict, key: Value, fallback: Value): Value {
  if (!dict.has(key)) {
    dict.set(key, fallback);
  }
  return dict.get(key) as Value;
}

export const dictMethods: Table<PyDict> = table<PyDict>({
  clear: [[], (dict) => done(dict.clear())],
  copy: [[], (dict) => dict.copy()],
  fromkeys: [
    ['/iterable', '/value?'],
    (_dict, [keys, value]) => PyDict.fromEntries(toArray(keys as Value).map((key) => [key, value ?? null])),
  ],
  get: [['/key', '/default?'], (dict, [key, fallback]) => orElse(dict.get(key as Value), fallback ?? null)],
  items: [[], (dict) => new DictView(dict, 'items')],
  keys: [[], (dict) => new DictView(dict, 'keys')],
  pop: [['/key', '/default?'], (dict, [key, fallback]) => popKey(dict, key as Value, fallback)],
  popitem: [[], popLast],
  setdefault: [['/key', '/default?'], (dict, [key, fallback]) => setDefault(dict, key as Value, fallback ?? null)],
  values: [[], (dict) => new DictView(dict, 'values')],
});

/** `dict(source, **kwargs)`'s and `update`'s reading of a source: a dict, or pairs. @throws PyError */
export function updateDict(dict: PyDict, source: Value | undefined, kwargs: Kwargs | undefined): void {
  if (source instanceof PyDict) {
    for (const [key, value] of [...source.entries()]) {
      dict.set(key, value);
    }
  } else if (source !== undefined) {
    toArray(source).forEach((pair, i) => {
      const items = toArray(pair);
      if (items.length !== 2) {
        throw new PyError('ValueError', `dictionary update sequence element #${i} has length ${items.length}; 2 is required`);
      }
      dict.set(items[0] as Value, items[1] as Value);
    });
  }
  for (const [key, value] of kwargs ?? []) {
    dict.set(key, value);
  }
}

/** Calls a method of a list, tuple or dict; undefined if it has none of the name. @throws PyError */
export function callCollectionMethod(
  self: Value[] | PyTuple | PyDict,
  name: string,
  args: readonly Value[],
  kwargs: Kwargs | undefined,
): Value | undefined {
  if (self instanceof PyDict && name === 'update') {
    if (args.length > 1) {
      throw new PyError('TypeError', `update expected at most 1 argument, got ${args.length}`);
    }
    updateDict(self, args[0], kwargs);
    return null;
  }
  if (Array.isArray(self)) {
    return call(self, name, listMethods.get(name), args, kwargs);
  }
  return self instanceof PyDict
    ? call(self, name, dictMethods.get(name), args, kwargs)
    : call(self, name, tupleMethods.get(name), args, kwargs);
}

function call<T extends Value>(
  self: T,
  name: string,
  method: Method<T> | undefined,
  args: readonly Value[],
  kwargs: Kwargs | undefined,
): Value | undefined {
  return method?.call(self, bindArguments(`${typeName(self)}.${name}`, method.parameters, args, kwargs));
}

export function hasCollectionMethod(self: Value[] | PyTuple | PyDict, name: string): boolean {
  if (self instanceof PyDict) {
    return name === 'update' || dictMethods.has(name);
  }
  return Array.isArray(self) ? listMethods.has(name) : tupleMethods.has(name);
}
