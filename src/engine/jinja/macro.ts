import { PyError, PyObject, PyTuple, PyDict, Undefined, orElse, type Kwargs, type Value } from '../python/values';

/** A macro as the generated code declares it. Values that were not given are undefined. */
export interface MacroShape {
  /** Undefined for a call block's body, the `caller`. */
  readonly name: string | undefined;
  readonly parameters: readonly string[];
  readonly takesCaller: boolean;
  readonly takesKwargs: boolean;
  readonly takesVarargs: boolean;
}

export type MacroBody = (...args: (Value | undefined)[]) => string;

/** A macro as a value. */
export class Macro extends PyObject {
  readonly typeName = 'Macro';

  /** @param located gives an error of the body its place in the body's file */
  constructor(
    private readonly shape: MacroShape,
    private readonly body: MacroBody,
    private readonly located: (error: unknown) => Error,
  ) {
    super();
  }

  override isCallable(): boolean {
    return true;
  }

  override call(args: readonly Value[], kwargs: Kwargs): Value {
    const bound = bind(this.shape, args, kwargs);
    try {
      return this.body(...bound);
    } catch (error) {
      throw this.located(error);
    }
  }

  override attribute(name: string): Value | undefined {
    const { shape } = this;
    switch (name) {
      case 'name':
        return shape.name ?? null;
      case 'arguments':
        return new PyTuple(shape.parameters);
      case 'caller':
        return shape.takesCaller;
      case 'catch_kwargs':
        return shape.takesKwargs;
      case 'catch_varargs':
        return shape.takesVarargs;
      default:
        return undefined;
    }
  }

  override repr(): string {
    return `<Macro ${this.shape.name === undefined ? 'anonymous' : `'${this.shape.name}'`}>`;
  }
}

/** The parameters in order, then the caller, the other keyword and the other positional arguments, as far as the body takes them. */
function bind(shape: MacroShape, args: readonly Value[], kwargs: Kwargs): (Value | undefined)[] {
  const name = shape.name ?? 'caller';
  const count = shape.parameters.length;
  const others = new Map(kwargs);
  const bound: (Value | undefined)[] = args.slice(0, count);
  for (const parameter of shape.parameters.slice(bound.length)) {
    bound.push(others.get(parameter));
    others.delete(parameter);
  }
  if (shape.takesCaller && !shape.parameters.includes('caller')) {
    bound.push(orElse(others.get('caller'), Undefined.because('No caller defined')));
    others.delete('caller');
  }
  if (shape.takesKwargs) {
    bound.push(PyDict.fromEntries(others));
  } else if (others.size > 0) {
    const [unknown = ''] = others.keys();
    throw new PyError(
      'TypeError',
      unknown === 'caller'
        ? `macro '${name}' was invoked with two values for the special caller argument`
        : `macro '${name}' takes no keyword argument '${unknown}'`,
    );
  }
  if (shape.takesVarargs) {
    bound.push(new PyTuple(args.slice(count)));
  } else if (args.length > count) {
    throw new PyError('TypeError', `macro '${name}' takes not more than ${count} argument(s)`);
  }
  return bound;
}
