import { PyDict, PyError, pyFloat, pyInt, type Value } from './python/values';

const maxDepth = 500;
const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const spacePattern = /[ \t\n\r]*/y;
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Python's `json.loads`: integers keep all their digits, `1.0` stays a float, `NaN` and `Infinity` are numbers, the last of two
 * equal keys wins.
 *
 * @throws PyError ValueError if the text is not JSON
 */
export function parseJson(text: string): Value {
  return new JsonParser(text).parse();
}

class JsonParser {
  private position = 0;

  constructor(private readonly text: string) {}

  parse(): Value {
    const value = this.value(0);
    this.skipSpace();
    if (this.position < this.text.length) {
      throw this.error('extra data');
    }
    return value;
  }

  private value(depth: number): Value {
    if (depth > maxDepth) {
      throw this.error('nested too deeply');
    }
    this.skipSpace();
    switch (this.text[this.position]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      case 'N':
        return this.word('NaN', NaN);
      case 'I':
        return this.word('Infinity', Infinity);
      default:
        return this.text.startsWith('-Infinity', this.position) ? this.word('-Infinity', -Infinity) : this.number();
    }
  }

  private object(depth: number): PyDict {
    const dict = new PyDict();
    this.position++;
    if (this.consume('}')) {
      return dict;
    }
    do {
      this.skipSpace();
      if (this.text[this.position] !== '"') {
        throw this.error('a key in double quotes is expected');
      }
      const key = this.string();
      this.expect(':');
      dict.set(key, this.value(depth + 1));
    } while (this.consume(','));
    this.expect('}');
    return dict;
  }

  private array(depth: number): Value[] {
    const items: Value[] = [];
    this.position++;
    if (this.consume(']')) {
      return items;
    }
    do {
      items.push(this.value(depth + 1));
    } while (this.consume(','));
    this.expect(']');
    return items;
  }

  private string(): string {
    this.position++;
    let result = '';
    for (;;) {
      const start = this.position;
      while (isPlain(this.text.charCodeAt(this.position))) {
        this.position++;
      }
      result += this.text.slice(start, this.position);
      const char = this.text[this.position++];
      if (char === '"') {
        return result;
      }
      if (char !== '\\') {
        throw this.error('a text is not closed or has a control character');
      }
      const escape = this.text[this.position++];
      if (escape === 'u') {
        const digits = this.text.slice(this.position, this.position + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
          throw this.error('an escape \\u needs four hexadecimal digits');
        }
        result += String.fromCharCode(parseInt(digits, 16));
        this.position += 4;
      } else {
        const plain = escape === undefined ? undefined : escapes[escape];
        if (plain === undefined) {
          throw this.error('an escape is unknown');
        }
        result += plain;
      }
    }
  }

  private number(): Value {
    numberPattern.lastIndex = this.position;
    const match = numberPattern.exec(this.text);
    if (match === null) {
      throw this.error('a value is expected');
    }
    this.position = numberPattern.lastIndex;
    const isFloat = match[1] !== undefined || match[2] !== undefined;
    return isFloat ? pyFloat(Number(match[0])) : pyInt(BigInt(match[0]));
  }

  private word(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.position)) {
      throw this.error('a value is expected');
    }
    this.position += word.length;
    return value;
  }

  private consume(char: string): boolean {
    this.skipSpace();
    const found = this.text[this.position] === char;
    this.position += found ? 1 : 0;
    return found;
  }

  private expect(char: string): void {
    if (!this.consume(char)) {
      throw this.error(`\`${char}\` is expected`);
    }
  }

  private skipSpace(): void {
    this.match(spacePattern);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    this.position = match === null ? this.position : pattern.lastIndex;
    return match?.[0];
  }

  private error(detail: string): PyError {
    return new PyError('ValueError', `not JSON: ${detail} (character ${this.position})`);
  }
}

/** Neither the end, nor a quote, a backslash or a control character, which must be escaped. */
function isPlain(code: number): boolean {
  return code >= 32 && code !== 34 && code !== 92;
}
