import { bindArguments, intArgument } from '../python/arguments';
import { updateDict } from '../python/collection-methods';
import { Cycler, Joiner, Namespace, PyRange } from '../python/objects';
import { truthy } from '../python/compare';
import { PyDict, PyError, PyFunction, orElse, type Kwargs, type Value } from '../python/values';
import { loremIpsum } from './lorem-ipsum';

/** More than any public bundle counts to; Jinja's sandbox has the same number. */
const maxRange = 100_000;

function range(args: readonly Value[]): Value {
  const [start, stop, step] =
    args.length === 1 ? [0, intArgument(args[0]), 1] : [intArgument(args[0]), intArgument(args[1]), intArgument(args[2], 1)];
  if (args.length > 3) {
    throw new PyError('TypeError', `range expected at most 3 arguments, got ${args.length}`);
  }
  if (step === 0) {
    throw new PyError('ValueError', 'range() arg 3 must not be zero');
  }
  const result = new PyRange(start, stop, step);
  if (result.length > maxRange) {
    throw new PyError('LimitError', `a range of more than ${maxRange} items`);
  }
  return result;
}

function dict(args: readonly Value[], kwargs: Kwargs): PyDict {
  if (args.length > 1) {
    throw new PyError('TypeError', `dict expected at most 1 argument, got ${args.length}`);
  }
  const result = new PyDict();
  updateDict(result, args[0], kwargs);
  return result;
}

function lipsum(args: readonly Value[], kwargs: Kwargs): Value {
  const [count, html, min, max] = bindArguments('lipsum', ['n?', 'html?', 'min?', 'max?'], args, kwargs);
  return loremIpsum(intArgument(count, 5), html === undefined || truthy(html), intArgument(min, 20), intArgument(max, 100));
}

/** The names that Jinja gives to every template. They print as in Python, which shows where a bundle's column of that name is missing. */
export const jinjaGlobals: ReadonlyMap<string, Value> = new Map(
  Object.entries({
    range: new PyFunction('range', range, "<class 'range'>"),
    dict: new PyFunction('dict', dict, "<class 'dict'>"),
    namespace: new PyFunction(
      'namespace',
      (args, kwargs) => new Namespace(dict(args, kwargs)),
      "<class 'jinja2.utils.Namespace'>",
    ),
    joiner: new PyFunction(
      'joiner',
      (args, kwargs) => new Joiner(orElse(bindArguments('joiner', ['sep?'], args, kwargs)[0], ', ')),
      "<class 'jinja2.utils.Joiner'>",
    ),
    cycler: new PyFunction('cycler', (args) => new Cycler(args), "<class 'jinja2.utils.Cycler'>"),
    lipsum: new PyFunction('lipsum', lipsum),
  }),
);
