import { hash } from 'node:crypto';
import { parseJson } from '../json';
import { typeName } from '../python/types';
import { Markup, PyError, PyFunction, type Value } from '../python/values';

/** The functions that the reference adds to Jinja's own in every template: `md5(text)` in hexadecimal digits and `fromjson(text)`. */
export const templateGlobals: Readonly<Record<string, Value>> = {
  md5: new PyFunction('md5', (args) => hash('md5', textArgument('md5', args))),
  fromjson: new PyFunction('fromjson', (args) => parseJson(textArgument('fromjson', args))),
};

function textArgument(name: string, args: readonly Value[]): string {
  const [value] = args;
  if (value === undefined || args.length !== 1) {
    throw new PyError('TypeError', `${name}() takes one argument, ${args.length} were given`);
  }
  if (value instanceof Markup) {
    return value.text;
  }
  if (typeof value !== 'string') {
    throw new PyError('AttributeError', `${name}() takes a text, not ${typeName(value)}`);
  }
  return value;
}
