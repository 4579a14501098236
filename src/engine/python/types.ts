import { Markup, PyDict, PyFloat, PyObject, PyTuple, Undefined, type Value } from './values';

/** The name Python's own messages use for the type of a value. */
export function typeName(value: Value): string {
  if (value === null) {
    return 'NoneType';
  }
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
      break;
  }
  if (Array.isArray(value)) {
    return 'list';
  }
  if (value instanceof PyFloat) {
    return 'float';
  }
  if (value instanceof PyDict) {
    return 'dict';
  }
  if (value instanceof PyTuple) {
    return 'tuple';
  }
  if (value instanceof Markup) {
    return 'Markup';
  }
  return value instanceof Undefined ? 'Undefined' : value.typeName;
}

/** Whether a value is an `int`; a `bool` is one too, as in Python. */
export function isInt(value: Value | undefined): value is number | bigint | boolean {
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint' || typeof value === 'boolean';
}

export function isFloat(value: Value | undefined): value is number | PyFloat {
  return typeof value === 'number' ? !Number.isInteger(value) : value instanceof PyFloat;
}

export function isNumber(value: Value | undefined): value is number | bigint | boolean | PyFloat {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof PyFloat;
}

/** A `str`, `Markup` included, as a JavaScript string; undefined for other types. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : value instanceof Markup ? value.text : undefined;
}

/** The nearest double of a number. */
export function doubleOf(value: number | bigint | boolean | PyFloat): number {
  return value instanceof PyFloat ? value.value : Number(value);
}

export function isCallable(value: Value): boolean {
  return value instanceof PyObject && value.isCallable();
}
