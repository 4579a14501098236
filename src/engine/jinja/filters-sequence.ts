import { intArgument } from '../python/arguments';
import { ordered, pyEquals, sortValues, truthy } from '../python/compare';
import { length, toArray, toIterator } from '../python/iterate';
import { DictView, PyIterator } from '../python/objects';
import { limits } from '../python/limits';
import { add } from '../python/operators';
import { pyStr } from '../python/print';
import { characters } from '../python/text';
import { textOf, typeName } from '../python/types';
import { PyDict, PyError, PyTuple, Undefined, orElse, type Kwargs, type Value } from '../python/values';
import { attributeGetter, attributeGetters, ignoreCase, type Getter } from './attribute-path';
import { impureRow, openRow, row, type Argument, type Callable, type FilterTable, type Host } from './table';

function isSet(flag: Argument): boolean {
  return flag !== undefined && truthy(flag);
}

function generator(items: Iterable<Value>): PyIterator {
  return new PyIterator('generator', items);
}

function each(value: Value): Iterable<Value> {
  const iterator = toIterator(value);
  return { [Symbol.iterator]: () => iterator };
}

/** The key to compare by: a part of the value, in lower case unless case counts. */
function comparisonKey(attribute: Argument, caseSensitive: boolean, host: Host): Getter {
  const get = attributeGetter(attribute, host);
  return caseSensitive ? get : (value) => ignoreCase(get(value));
}

function sort(value: Value, [reverse, caseSensitive, attribute]: readonly Argument[], host: Host): Value {
  const getters = attributeGetters(attribute, host);
  const fold = isSet(caseSensitive) ? (key: Value) => key : ignoreCase;
  return sortValues(toArray(value), (item) => getters.map((get) => fold(get(item))), isSet(reverse));
}

function dictSort(value: Value, [caseSensitive, by, reverse]: readonly Argument[]): Value {
  if (!(value instanceof PyDict)) {
    throw value instanceof Undefined
      ? new PyError('UndefinedError', value.message)
      : new PyError('TypeError', `dictsort needs a dict, not ${typeName(value)}`);
  }
  const key = by === undefined ? 'key' : textOf(by);
  if (key !== 'key' && key !== 'value') {
    throw new PyError('FilterArgumentError', 'You can only sort by either "key" or "value"');
  }
  const position = key === 'key' ? 0 : 1;
  const fold = isSet(caseSensitive) ? (item: Value) => item : ignoreCase;
  return sortValues(Array.from(value.entries()), (entry) => fold(entry[position]), isSet(reverse)).map(
    (entry) => new PyTuple(entry),
  );
}

function* unique(value: Value, key: Getter): Generator<Value> {
  const seen = new PyDict();
  for (const item of each(value)) {
    const hashed = key(item);
    if (!seen.has(hashed)) {
      seen.set(hashed, true);
      yield item;
    }
  }
}

function extreme(better: '<' | '>'): Callable<Value> {
  return impureRow(['case_sensitive?', 'attribute?'], (value, [caseSensitive, attribute], host) => {
    const items = toArray(value);
    const key = comparisonKey(attribute, isSet(caseSensitive), host);
    let [best] = items;
    for (const item of items) {
      if (best !== undefined && ordered(better, key(item), key(best))) {
        best = item;
      }
    }
    return orElse(best, Undefined.because('No aggregated item, sequence was empty.'));
  });
}

function groupBy(value: Value, [attribute, fallback, caseSensitive]: readonly Argument[], host: Host): Value {
  const get = attributeGetter(attribute, host, fallback);
  const key: Getter = isSet(caseSensitive) ? get : (item) => ignoreCase(get(item));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortValues(toArray(value), key, false)) {
    const last = groups.at(-1);
    if (last && pyEquals(last.key, key(item))) {
      last.items.push(item);
    } else {
      groups.push({ key: key(item), items: [item] });
    }
  }
  return groups.map(({ items }) => new PyTuple([get(items[0] as Value), items], ['grouper', 'list']));
}

function* batch(value: Value, size: number, filler: Argument): Generator<Value> {
  let items: Value[] = [];
  for (const item of each(value)) {
    if (items.length === size) {
      yield items;
      items = [];
    }
    items.push(item);
  }
  if (items.length > 0) {
    const missing = filler == null ? 0 : Math.min(size, limits.listLength) - items.length;
    yield missing > 0 ? [...items, ...Array<Value>(missing).fill(filler as Value)] : items;
  }
}

function* slices(items: readonly Value[], count: number, filler: Argument): Generator<Value> {
  if (count === 0) {
    throw new PyError('ZeroDivisionError', 'integer division or modulo by zero');
  }
  const each = Math.floor(items.length / count);
  const longer = items.length % count;
  for (let i = 0; i < count; i++) {
    const start = i * each + Math.min(i, longer);
    const part = items.slice(start, start + each + (i < longer ? 1 : 0));
    yield filler != null && i >= longer ? [...part, filler] : part;
  }
}

function reverse(value: Value): Value {
  const text = textOf(value);
  if (text !== undefined) {
    return characters(text).reverse().join('');
  }
  const items = [...toArray(value)].reverse();
  return value instanceof PyIterator ? items : new PyIterator(Array.isArray(value) ? 'list_reverseiterator' : 'reversed', items);
}

/** What has no end to start from in Python, a generator above all, is an error. */
function last(value: Value): Value {
  if (value instanceof PyIterator) {
    throw new PyError('TypeError', `'${value.typeName}' object is not reversible`);
  }
  return orElse(toArray(value).at(-1), Undefined.because('No last item, sequence was empty.'));
}

function first(value: Value): Value {
  const next = toIterator(value).next();
  return next.done ? Undefined.because('No first item, sequence was empty.') : next.value;
}

function random(value: Value): Value {
  if (value instanceof PyDict || value instanceof PyIterator || value instanceof DictView) {
    throw new PyError('TypeError', `random needs a sequence, not ${typeName(value)}`);
  }
  const items = toArray(value);
  return orElse(items[Math.floor(Math.random() * items.length)], Undefined.because('No random item, sequence was empty.'));
}

function join(value: Value, [separator, attribute]: readonly Argument[], host: Host): string {
  const items = toArray(value);
  const get = attribute == null ? undefined : attributeGetter(attribute, host);
  return items.map((item) => pyStr(get ? get(item) : item)).join(separator === undefined ? '' : pyStr(separator));
}

function* map(value: Value, args: readonly Argument[], kwargs: Kwargs, host: Host): Generator<Value> {
  if (!truthy(value)) {
    return;
  }
  const change = mapping(args as readonly Value[], kwargs, host);
  for (const item of each(value)) {
    yield change(item);
  }
}

function mapping(args: readonly Value[], kwargs: Kwargs, host: Host): Getter {
  const [name, ...rest] = args;
  if (name === undefined && kwargs.has('attribute')) {
    const unknown = Array.from(kwargs.keys()).find((key) => key !== 'attribute' && key !== 'default');
    if (unknown !== undefined) {
      throw new PyError('FilterArgumentError', `Unexpected keyword argument '${unknown}'`);
    }
    return attributeGetter(kwargs.get('attribute'), host, kwargs.get('default'));
  }
  if (name === undefined) {
    throw new PyError('FilterArgumentError', 'map requires a filter argument');
  }
  return (item) => host.filter(pyStr(name), item, rest, kwargs);
}

/** `select`, `reject` and their `attr` forms: the items for which a test, or without one their truth, is as wanted. */
function selector(wanted: boolean, byAttribute: boolean): Callable<Value> {
  return openRow((value, args, host, kwargs) =>
    generator(selected(value, args as readonly Value[], kwargs, host, wanted, byAttribute)),
  );
}

function* selected(
  value: Value,
  args: readonly Value[],
  kwargs: Kwargs,
  host: Host,
  wanted: boolean,
  byAttribute: boolean,
): Generator<Value> {
  if (!truthy(value)) {
    return;
  }
  if (byAttribute && args.length === 0) {
    throw new PyError('FilterArgumentError', 'Missing parameter for attribute name');
  }
  const get = byAttribute ? attributeGetter(args[0], host) : (item: Value) => item;
  const [test, ...rest] = byAttribute ? args.slice(1) : args;
  const holds = test === undefined ? truthy : (item: Value) => host.test(pyStr(test), item, rest, kwargs);
  for (const item of each(value)) {
    if (holds(get(item)) === wanted) {
      yield item;
    }
  }
}

function sum(value: Value, [attribute, start]: readonly Argument[], host: Host): Value {
  const get = attributeGetter(attribute, host);
  return toArray(value).reduce<Value>((total, item) => add(total, get(item)), orElse(start, 0));
}

function* items(value: Value): Generator<Value> {
  if (value instanceof Undefined) {
    return;
  }
  if (!(value instanceof PyDict)) {
    throw new PyError('TypeError', 'Can only get item pairs from a mapping.');
  }
  for (const entry of value.entries()) {
    yield new PyTuple(entry);
  }
}

function attribute(value: Value, name: Value, host: Host): Value {
  if (value instanceof Undefined) {
    throw new PyError('UndefinedError', value.message);
  }
  return orElse(
    host.attribute(value, pyStr(name)),
    Undefined.because(`'${typeName(value)} object' has no attribute '${pyStr(name)}'`),
  );
}

const size = row([], length);
const fallbackFilter = row(['default_value?', 'boolean?'], (value: Value, [fallback, boolean]: readonly Argument[]): Value =>
  value instanceof Undefined || (isSet(boolean) && !truthy(value)) ? orElse(fallback, '') : value,
);

export const sequenceFilters: FilterTable = {
  attr: impureRow(['name'], (value, [name], host) => attribute(value, name as Value, host)),
  batch: impureRow(['linecount', 'fill_with?'], (value, [count, filler]) => generator(batch(value, intArgument(count), filler))),
  count: size,
  d: fallbackFilter,
  default: fallbackFilter,
  dictsort: impureRow(['case_sensitive?', 'by?', 'reverse?'], dictSort),
  first: row([], first),
  groupby: impureRow(['attribute', 'default?', 'case_sensitive?'], groupBy),
  items: impureRow([], (value) => generator(items(value))),
  join: row(['d?', 'attribute?'], join),
  last: row([], last),
  length: size,
  list: impureRow([], (value) => [...toArray(value)]),
  map: openRow((value, args, host, kwargs) => generator(map(value, args, kwargs, host))),
  max: extreme('>'),
  min: extreme('<'),
  random: impureRow([], random),
  reject: selector(false, false),
  rejectattr: selector(false, true),
  reverse: impureRow([], reverse),
  select: selector(true, false),
  selectattr: selector(true, true),
  slice: impureRow(['slices', 'fill_with?'], (value, [count, filler]) =>
    generator(slices(toArray(value), intArgument(count), filler)),
  ),
  sort: impureRow(['reverse?', 'case_sensitive?', 'attribute?'], sort),
  sum: impureRow(['attribute?', 'start?'], sum),
  unique: impureRow(['case_sensitive?', 'attribute?'], (value, [caseSensitive, attribute_], host) =>
    generator(unique(value, comparisonKey(attribute_, isSet(caseSensitive), host))),
  ),
};
