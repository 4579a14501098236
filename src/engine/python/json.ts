import { parseIntText, floatRepr, intRepr } from './numbers';
import { ordered } from './compare';
import { typeName } from './types';
import { Markup, PyDict, PyError, PyFloat, PyTuple, Undefined, pyFloat, type Value } from './values';

/** Python's json stops at its stack; both directions stop here. */
const maxDepth = 500;

const needsEscape = /["\\]|[^ -~]/;
const escapes = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\f', '\\f'],
  ['\b', '\\b'],
]);

export interface JsonStyle {
  readonly sortKeys: boolean;
  /** Blanks (or a text) a level, on lines of their own; null for one line. */
  readonly indent: string | null;
}

/** `json.dumps(value)`: ASCII only, `", "` and `": "`, NaN as `NaN`. @throws PyError for what JSON has no form of */
export function jsonDumps(value: Value, style: JsonStyle): string {
  return write(value, style, 0);
}

function write(value: Value, style: JsonStyle, depth: number): string {
  switch (typeof value) {
    case 'string':
      return jsonText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return intRepr(value);
    case 'number':
      return Number.isInteger(value) ? String(value) : jsonFloat(value);
    default:
      break;
  }
  if (value === null) {
    return 'null';
  }
  if (value instanceof PyFloat) {
    return floatRepr(value.value);
  }
  if (value instanceof Markup) {
    return jsonText(value.text);
  }
  if (depth >= maxDepth) {
    throw new PyError('RecursionError', 'maximum depth exceeded while writing JSON; does the value contain itself?');
  }
  if (Array.isArray(value) || value instanceof PyTuple) {
    const items = Array.isArray(value) ? value : value.items;
    return bracketed(
      '[',
      ']',
      items.map((item) => write(item, style, depth + 1)),
      style,
      depth,
    );
  }
  if (value instanceof PyDict) {
    const entries = Array.from(value.entries());
    if (style.sortKeys) {
      entries.sort(([a], [b]) => (ordered('<', a, b) ? -1 : ordered('<', b, a) ? 1 : 0));
    }
    return bracketed(
      '{',
      '}',
      entries.map(([key, item]) => `${jsonText(jsonKey(key))}: ${write(item, style, depth + 1)}`),
      style,
      depth,
    );
  }
  throw value instanceof Undefined
    ? new PyError('TypeError', 'Object of type Undefined is not JSON serializable')
    : new PyError('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
}

function bracketed(open: string, close: string, parts: readonly string[], { indent }: JsonStyle, depth: number): string {
  if (parts.length === 0 || indent === null) {
    return open + parts.join(', ') + close;
  }
  const line = `\n${indent.repeat(depth + 1)}`;
  return `${open}${line}${parts.join(`,${line}`)}\n${indent.repeat(depth)}${close}`;
}

function jsonFloat(x: number): string {
  return Number.isNaN(x) ? 'NaN' : Number.isFinite(x) ? floatRepr(x) : x > 0 ? 'Infinity' : '-Infinity';
}

function jsonKey(key: Value): string {
  if (typeof key === 'string') {
    return key;
  }
  if (key === null || typeof key === 'boolean' || typeof key === 'number' || typeof key === 'bigint' || key instanceof PyFloat) {
    return write(key, { sortKeys: false, indent: null }, 0);
  }
  if (key instanceof Markup) {
    return key.text;
  }
  throw new PyError('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

/** A JSON string, ASCII only. */
export function jsonText(text: string): string {
  if (!needsEscape.test(text)) {
    return `"${text}"`;
  }
  let result = '"';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const code = text.charCodeAt(i);
    result += escapes.get(character) ?? (code < 0x20 || code > 0x7e ? `\\u${code.toString(16).padStart(4, '0')}` : character);
  }
  return `${result}"`;
}

/** `json.loads(text)`: ints of any size, `NaN` and infinities allowed, the last of equal keys wins. @throws PyError */
export function jsonLoads(text: string): Value {
  return new JsonReader(text).document();
}

const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const constants: readonly [string, Value][] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
];
const unescapes = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** Whether a character of a string stands for itself. False behind the end, where the code is NaN. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code !== 0x22 && code !== 0x5c;
}

class JsonReader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Value {
    this.skipBlank();
    const value = this.value(0);
    this.skipBlank();
    if (this.at < this.text.length) {
      throw this.error('Extra data');
    }
    return value;
  }

  private value(depth: number): Value {
    if (depth >= maxDepth) {
      throw new PyError('RecursionError', 'maximum depth exceeded while reading JSON');
    }
    switch (this.text[this.at]) {
      case '"':
        return this.string();
      case '[':
        return this.array(depth);
      case '{':
        return this.object(depth);
      default:
        break;
    }
    const constant = constants.find(([name]) => this.text.startsWith(name, this.at));
    if (constant) {
      this.at += constant[0].length;
      return constant[1];
    }
    return this.number();
  }

  private number(): Value {
    number.lastIndex = this.at;
    const match = number.exec(this.text);
    if (!match) {
      throw this.error('Expecting value');
    }
    this.at += match[0].length;
    return match[1] === undefined && match[2] === undefined ? (parseIntText(match[0]) ?? 0) : pyFloat(Number(match[0]));
  }

  private array(depth: number): Value[] {
    const items: Value[] = [];
    this.at++;
    this.skipBlank();
    if (this.take(']')) {
      return items;
    }
    for (;;) {
      this.skipBlank();
      items.push(this.value(depth + 1));
      this.skipBlank();
      if (this.take(']')) {
        return items;
      }
      this.expect(',', "Expecting ',' delimiter");
    }
  }

  private object(depth: number): PyDict {
    const dict = new PyDict();
    this.at++;
    this.skipBlank();
    if (this.take('}')) {
      return dict;
    }
    for (;;) {
      this.skipBlank();
      if (this.text[this.at] !== '"') {
        throw this.error('Expecting property name enclosed in double quotes');
      }
      const key = this.string();
      this.skipBlank();
      this.expect(':', "Expecting ':' delimiter");
      this.skipBlank();
      dict.set(key, this.value(depth + 1));
      this.skipBlank();
      if (this.take('}')) {
        return dict;
      }
      this.expect(',', "Expecting ',' delimiter");
    }
  }

  private string(): string {
    const start = this.at++;
    let result = '';
    for (;;) {
      const from = this.at;
      while (isPlain(this.text.charCodeAt(this.at))) {
        this.at++;
      }
      result += this.text.slice(from, this.at);
      const character = this.text[this.at];
      if (character === '"') {
        this.at++;
        return result;
      }
      if (character !== '\\') {
        throw character === undefined
          ? this.error('Unterminated string starting at', start)
          : this.error('Invalid control character at');
      }
      result += this.escape();
    }
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? '';
    if (letter === 'u') {
      const hex = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
        throw this.error('Invalid \\uXXXX escape');
      }
      this.at += 6;
      return String.fromCharCode(parseInt(hex, 16));
    }
    const character = unescapes.get(letter);
    if (character === undefined) {
      throw this.error('Invalid \\escape');
    }
    this.at += 2;
    return character;
  }

  private skipBlank(): void {
    blank.lastIndex = this.at;
    this.at += blank.exec(this.text)?.[0].length ?? 0;
  }

  private take(character: string): boolean {
    const found = this.text[this.at] === character;
    this.at += found ? 1 : 0;
    return found;
  }

  private expect(character: string, message: string): void {
    if (!this.take(character)) {
      throw this.error(message);
    }
  }

  private error(message: string, at = this.at): PyError {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    return new PyError('ValueError', `${message}: line ${line} column ${at - before.lastIndexOf('\n')} (char ${at})`);
  }
}
