import { ordered, pyEquals, truthy } from '../python/compare';
import { length, toArray, unpack } from '../python/iterate';
import { attributeOf, callMethod } from '../python/methods';
import { Namespace } from '../python/objects';
import { add, contains, divide, floorDivide, modulo, multiply, negate, positive, power, subtract } from '../python/operators';
import { checkedText, limits } from '../python/limits';
import { pyStr, pyRepr } from '../python/print';
import { itemOf, sliceOf } from '../python/subscript';
import { textOf, typeName } from '../python/types';
import { PyDict, PyError, PyObject, PyTuple, Undefined, type Kwargs, type Value } from '../python/values';
import { bindArguments } from '../python/arguments';
import { filters } from './filters';
import { LoopContext, filteredSeries, hasNext, itemsOf, seriesLength, seriesOf } from './loop';
import { Macro } from './macro';
import { tests } from './tests';
import type { Callable, Host } from './table';

const noKwargs: Kwargs = new Map();

/** `object.name`: the attribute, else the item of that name, else undefined. @throws PyError on something undefined */
function getAttribute(object: Value, name: string): Value {
  const attribute = attributeOf(object, name);
  if (attribute !== undefined) {
    return attribute;
  }
  const item = itemOf(checkDefined(object), name);
  return item === undefined ? missing(object, name) : item;
}

/** `object[key]`: the item, else the attribute of that name. @throws PyError on something undefined */
function getItem(object: Value, key: Value): Value {
  if (typeof key === 'number') {
    // What bundles do most. A negative or broken key finds nothing here and goes on.
    const item = Array.isArray(object) ? object[key] : object instanceof PyTuple ? object.items[key] : undefined;
    if (item !== undefined) {
      return item;
    }
  }
  const item = itemOf(checkDefined(object), key);
  if (item !== undefined) {
    return item;
  }
  const name = textOf(key);
  const attribute = name === undefined ? undefined : attributeOf(object, name);
  return attribute === undefined ? missing(object, key) : attribute;
}

function missing(object: Value, key: Value): Undefined {
  const name = textOf(key);
  const what = object === null ? 'None' : `${typeName(object)} object`;
  return Undefined.because(name === undefined ? `${what} has no element ${pyRepr(key)}` : `'${what}' has no attribute '${name}'`);
}

function checkDefined(value: Value): Value {
  if (value instanceof Undefined) {
    throw new PyError('UndefinedError', value.message);
  }
  return value;
}

function call(callee: Value, args: readonly Value[], kwargs: Kwargs = noKwargs): Value {
  if (callee instanceof PyObject) {
    return callee.call(args, kwargs);
  }
  checkDefined(callee);
  throw new PyError('TypeError', `'${typeName(callee)}' object is not callable`);
}

/** `object.name(…)` without making the method a value first. */
function invoke(object: Value, name: string, args: readonly Value[], kwargs?: Kwargs): Value {
  const result = callMethod(object, name, args, kwargs);
  return result === undefined ? call(getAttribute(object, name), args, kwargs) : result;
}

/** `list.append(item)`, what bundles call most. */
function append(object: Value, item: Value): Value {
  if (Array.isArray(object) && object.length < limits.listLength) {
    object.push(item);
    return null;
  }
  return invoke(object, 'append', [item]);
}

function keywords(pairs: readonly (readonly [string, Value])[], rest: Value | undefined): Kwargs {
  const result = new Map(pairs);
  if (rest === undefined) {
    return result;
  }
  if (!(rest instanceof PyDict)) {
    throw new PyError('TypeError', `argument after ** must be a mapping, not ${typeName(rest)}`);
  }
  for (const [key, value] of rest.entries()) {
    const name = textOf(key);
    if (name === undefined || result.has(name)) {
      throw new PyError(
        'TypeError',
        name === undefined ? 'keywords must be strings' : `got multiple values for keyword argument '${name}'`,
      );
    }
    result.set(name, value);
  }
  return result;
}

function assignAttribute(namespace: Value, name: string, value: Value): void {
  if (!(namespace instanceof Namespace)) {
    throw new PyError('TypeError', 'cannot assign attribute on non-namespace object');
  }
  namespace.assign(name, value);
}

function dictOf(entries: readonly (readonly [Value, Value])[]): PyDict {
  return PyDict.fromEntries(entries);
}

function tupleOf(items: readonly Value[]): PyTuple {
  return new PyTuple(items);
}

/** A filter or test whose arguments are only known now, or do not fit its parameters. */
function apply<R>(callable: Callable<R>, name: string, value: Value, args: readonly Value[], kwargs: Kwargs | undefined): R {
  if (callable.open) {
    return callable.call(value, args, host, kwargs ?? noKwargs);
  }
  return callable.call(value, bindArguments(name, callable.parameters, args, kwargs), host, noKwargs);
}

function unknownCallable(kind: 'filter' | 'test', name: string): never {
  throw new PyError('TypeError', `No ${kind} named '${name}'.`);
}

function notEmpty(value: Value): boolean {
  return typeof value === 'string' ? value !== '' : length(value) > 0;
}

/** `item in texts`. Most are few, and a loop over few is faster than a set. */
function inTexts(item: Value, texts: readonly string[]): boolean {
  if (typeof item !== 'string') {
    return contains(new PyTuple(texts), item);
  }
  for (let i = 0; i < texts.length; i++) {
    if (texts[i] === item) {
      return true;
    }
  }
  return false;
}

function isUndefined(value: Value): boolean {
  return value instanceof Undefined;
}

function macro(...args: ConstructorParameters<typeof Macro>): Macro {
  return new Macro(...args);
}

function loopContext(...args: ConstructorParameters<typeof LoopContext>): LoopContext {
  return new LoopContext(...args);
}

function notProvided(name: string): Undefined {
  return Undefined.because(`parameter '${name}' was not provided`);
}

function tooDeep(): never {
  throw new PyError('RecursionError', 'maximum recursion depth exceeded');
}

/** What filters need of the rest: they apply others by name. */
const host: Host = {
  hasFilter: (name) => filters.has(name),
  hasTest: (name) => tests.has(name),
  filter: (name, value, args, kwargs) => apply(filters.get(name) ?? unknownCallable('filter', name), name, value, args, kwargs),
  test: (name, value, args, kwargs) => apply(tests.get(name) ?? unknownCallable('test', name), name, value, args, kwargs),
  item: getItem,
  attribute: (value, name) => attributeOf(value, name),
};

/** Everything that generated code can use, and so everything that a template can do. */
export const runtime = {
  // Texts are what there is most of; so short, these become part of the code that calls them.
  str: (value: Value): string => (typeof value === 'string' ? value : pyStr(value)),
  truthy: (value: Value): boolean => (typeof value === 'string' ? value !== '' : truthy(value)),
  add,
  subtract,
  multiply,
  divide,
  floorDivide,
  modulo,
  power,
  negate,
  positive,
  checkedText,
  equals: pyEquals,
  ordered,
  contains,
  inTexts,
  containedIn: (item: Value, container: Value): boolean => contains(container, item),
  getAttribute,
  getItem,
  slice: sliceOf,
  call,
  invoke,
  append,
  keywords,
  unpack,
  assignAttribute,
  dictOf,
  tupleOf,
  toArray,
  apply,
  unknownCallable,
  notEmpty,
  isUndefined,
  length,
  macro,
  loopContext,
  notProvided,
  tooDeep,
  seriesOf,
  filteredSeries,
  itemsOf,
  hasNext,
  seriesLength,
  host,
};

export type Runtime = typeof runtime;
