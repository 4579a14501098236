import { formatValue } from './format-spec';
import { escapeCharacter, pyRepr, pyStr } from './print';
import { PyError, type Kwargs, type Value } from './values';

/** Reads `.name` and `[key]` of a field; given by the runtime, so that it is the one that templates use. */
export interface FieldAccess {
  attribute(value: Value, name: string): Value;
  item(value: Value, key: Value): Value;
}

/** Fields inside a format specification may hold fields, once. */
const maxNesting = 2;

/** `text.format(*args, **kwargs)`. @throws PyError */
export function formatFields(text: string, args: readonly Value[], kwargs: Kwargs, access: FieldAccess): string {
  return new Formatter(args, kwargs, access).format(text, maxNesting);
}

class Formatter {
  /** Counts `{}` fields; a template numbers all of its fields or none. */
  private automatic = 0;
  private numbered = false;

  constructor(
    private readonly args: readonly Value[],
    private readonly kwargs: Kwargs,
    private readonly access: FieldAccess,
  ) {}

  format(text: string, nesting: number): string {
    if (nesting === 0) {
      throw new PyError('ValueError', 'Max string recursion exceeded');
    }
    let result = '';
    let at = 0;
    while (at < text.length) {
      const brace = text.slice(at).search(/[{}]/);
      if (brace < 0) {
        return result + text.slice(at);
      }
      const open = at + brace;
      result += text.slice(at, open);
      if (text[open] === text[open + 1]) {
        result += text[open];
        at = open + 2;
      } else if (text[open] === '}') {
        throw new PyError('ValueError', "Single '}' encountered in format string");
      } else {
        const close = closingBrace(text, open);
        result += this.field(text.slice(open + 1, close), nesting);
        at = close + 1;
      }
    }
    return result;
  }

  private field(content: string, nesting: number): string {
    const { name, conversion, spec } = splitField(content);
    const value = converted(this.value(name), conversion);
    return formatValue(value, spec === '' ? '' : this.format(spec, nesting - 1));
  }

  private value(name: string): Value {
    const [, first = '', path = ''] = /^([^.[]*)([^]*)$/.exec(name) ?? [];
    let value = this.argument(first);
    let rest = path;
    while (rest !== '') {
      const step = /^(?:\.([^.[]+)|\[([^\]]+)\])([^]*)$/.exec(rest);
      if (!step) {
        throw new PyError('ValueError', 'Empty attribute in format string');
      }
      const [, attribute, key = '', remaining = ''] = step;
      value =
        attribute === undefined
          ? this.access.item(value, /^\d+$/.test(key) ? Number(key) : key)
          : this.access.attribute(value, attribute);
      rest = remaining;
    }
    return value;
  }

  private argument(name: string): Value {
    if (name !== '' && !/^\d+$/.test(name)) {
      const value = this.kwargs.get(name);
      if (value === undefined) {
        throw new PyError('KeyError', pyRepr(name));
      }
      return value;
    }
    if (name === '' ? this.numbered : this.automatic > 0) {
      throw new PyError(
        'ValueError',
        `cannot switch from ${name === '' ? 'manual field specification to automatic field numbering' : 'automatic field numbering to manual field specification'}`,
      );
    }
    this.numbered ||= name !== '';
    const index = name === '' ? this.automatic++ : Number(name);
    const value = this.args[index];
    if (value === undefined) {
      throw new PyError('IndexError', `Replacement index ${index} out of range for positional args tuple`);
    }
    return value;
  }
}

/** The brace that ends a field; a key in brackets may hold braces. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  let bracket = false;
  for (let i = open; i < text.length; i++) {
    const character = text[i];
    if (bracket) {
      bracket = character !== ']';
    } else if (character === '[' && depth === 1) {
      bracket = true;
    } else if (character === '{') {
      depth++;
    } else if (character === '}' && --depth === 0) {
      return i;
    }
  }
  throw new PyError(
    'ValueError',
    open === text.length - 1 ? "Single '{' encountered in format string" : "expected '}' before end of string",
  );
}

function splitField(content: string): { name: string; conversion: string; spec: string } {
  const [, name = '', rest = ''] = /^((?:[^![:]|\[[^\]]*\]?)*)([^]*)$/.exec(content) ?? [];
  if (!rest.startsWith('!')) {
    return { name, conversion: '', spec: rest.slice(1) };
  }
  if (rest.length > 2 && rest[2] !== ':') {
    throw new PyError('ValueError', "expected ':' after conversion specifier");
  }
  return { name, conversion: rest[1] ?? '!', spec: rest.slice(3) };
}

function converted(value: Value, conversion: string): Value {
  switch (conversion) {
    case '':
      return value;
    case 's':
      return pyStr(value);
    case 'r':
      return pyRepr(value);
    case 'a':
      return pyRepr(value).replace(/\P{ASCII}/gu, escapeCharacter);
    default:
      throw new PyError('ValueError', `Unknown conversion specifier '${conversion}'`);
  }
}
