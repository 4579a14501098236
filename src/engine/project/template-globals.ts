import { hash } from 'node:crypto';
import { textArgument } from '../python/arguments';
import { jsonLoads } from '../python/json-loads';
import { textOf, typeName } from '../python/types';
import { PyError, PyFunction, Undefined, type Value } from '../python/values';

/** The functions that the reference adds to Jinja's own in every template: `md5(text)` in hexadecimal digits and `fromjson(text)`. */
export const templateGlobals: Readonly<Record<string, Value>> = {
  md5: new PyFunction('md5', (args) => hash('md5', onlyText('md5', args))),
  fromjson: new PyFunction('fromjson', (args) => jsonLoads(onlyText('fromjson', args))),
};

function onlyText(name: string, args: readonly Value[]): string {
  const [value] = args;
  if (args.length !== 1 || textOf(value) === undefined) {
    throw value instanceof Undefined
      ? new PyError('UndefinedError', value.message)
      : new PyError('TypeError', `${name}() takes one text${value === undefined ? '' : `, not ${typeName(value)}`}`);
  }
  return textArgument(value);
}
