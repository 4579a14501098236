import { isSame, ordered, pyEquals, type OrderOperator } from '../python/compare';
import { sizeOf, tryArray } from '../python/iterate';
import { isLowerText, isUpperText } from '../python/letter-case';
import { PyIterator } from '../python/objects';
import { contains, modulo } from '../python/operators';
import { pyStr } from '../python/print';
import { isCallable, isFloat, isInt, isNumber, textOf } from '../python/types';
import { Markup, PyDict, PyTuple, Undefined, type Value } from '../python/values';
import { openRow, row, type Callable } from './table';

function plain(test: (value: Value) => boolean): Callable<boolean> {
  return row([], test);
}

function binary(test: (value: Value, other: Value) => boolean): Callable<boolean> {
  return row(['/other'], (value, [other]) => test(value, other as Value));
}

function order(operator: OrderOperator): Callable<boolean> {
  return binary((value, other) => ordered(operator, value, other));
}

function remainderIs(value: Value, divisor: Value, wanted: number): boolean {
  return pyEquals(modulo(value, divisor), wanted);
}

function isSequence(value: Value): boolean {
  return (
    textOf(value) !== undefined ||
    Array.isArray(value) ||
    value instanceof PyTuple ||
    value instanceof PyDict ||
    sizeOf(value) !== undefined
  );
}

const equal = binary(pyEquals);
const unequal = binary((value, other) => !pyEquals(value, other));
const less = order('<');
const lessOrEqual = order('<=');
const greater = order('>');
const greaterOrEqual = order('>=');

/** Jinja's tests, by name. */
export const tests: ReadonlyMap<string, Callable<boolean>> = new Map(
  Object.entries({
    '!=': unequal,
    '<': less,
    '<=': lessOrEqual,
    '==': equal,
    '>': greater,
    '>=': greaterOrEqual,
    boolean: plain((value) => typeof value === 'boolean'),
    callable: plain(isCallable),
    defined: plain((value) => !(value instanceof Undefined)),
    divisibleby: row(['num'], (value, [divisor]) => remainderIs(value, divisor as Value, 0)),
    eq: equal,
    equalto: equal,
    escaped: plain((value) => value instanceof Markup),
    even: plain((value) => remainderIs(value, 2, 0)),
    false: plain((value) => value === false),
    filter: openRow<boolean>((value, _args, host) => host.hasFilter(pyStr(value))),
    float: plain(isFloat),
    ge: greaterOrEqual,
    greaterthan: greater,
    gt: greater,
    in: row<boolean>(['seq'], (value, [container]) => contains(container as Value, value)),
    integer: plain((value) => isInt(value) && typeof value !== 'boolean'),
    iterable: plain((value) => value instanceof PyIterator || tryArray(value) !== undefined),
    le: lessOrEqual,
    lessthan: less,
    lower: plain((value) => isLowerText(pyStr(value))),
    lt: less,
    mapping: plain((value) => value instanceof PyDict),
    ne: unequal,
    none: plain((value) => value === null),
    number: plain(isNumber),
    odd: plain((value) => remainderIs(value, 2, 1)),
    sameas: row<boolean>(['other'], (value, [other]) => isSame(value, other as Value)),
    sequence: plain(isSequence),
    string: plain((value) => textOf(value) !== undefined),
    test: openRow<boolean>((value, _args, host) => host.hasTest(pyStr(value))),
    true: plain((value) => value === true),
    undefined: plain((value) => value instanceof Undefined),
    upper: plain((value) => isUpperText(pyStr(value))),
  }),
);
