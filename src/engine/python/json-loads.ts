import { parseIntText } from './numbers';
import { PyDict, PyError, pyFloat, type Value } from './values';

/** Python's json stops at its stack. */
const maxDepth = 500;

/** `json.loads(text)`: ints of any size, `NaN` and infinities allowed, the last of equal keys wins. @throws PyError */
export function jsonLoads(text: string): Value {
  return new JsonReader(text).document();
}

const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
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
      case 'n':
        return this.word('null', null);
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'N':
        return this.word('NaN', NaN);
      case 'I':
        return this.word('Infinity', Infinity);
      default:
        return this.text.startsWith('-I', this.at) ? this.word('-Infinity', -Infinity) : this.number();
    }
  }

  private word(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.at)) {
      throw this.error('Expecting value');
    }
    this.at += word.length;
    return value;
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
