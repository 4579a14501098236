export interface CsvParserOptions {
  readonly separator: string;
  /** A record may not be longer; it is the protection against a file that is one line. */
  readonly maxLineLength: number;
  /** Physical lines to leave out before the first record, blank ones counted. */
  readonly skipLines?: number;
}

export type CsvFault = 'line_too_long' | 'quote_not_closed';

/** A text that cannot be split into records; `line` counts from 1. */
export class CsvError extends Error {
  constructor(
    readonly fault: CsvFault,
    readonly line: number,
  ) {
    super(fault);
    this.name = 'CsvError';
  }
}

const newline = 10;
const carriageReturn = 13;
const quote = 34;
const space = 32;
const tab = 9;

/**
 * Splits delimited text into records as pandas' C parser does (its `tokenizer.c`): a quote counts only at the start of a field, doubled
 * inside; what follows a closing quote is appended; lines that are empty or blank are left out; `\n`, `\r\n` and a lone `\r` end
 * a line. Text comes in pieces of any size.
 */
export class CsvParser {
  /** Physical lines that are done with. */
  line = 0;
  private rest = '';
  private linesToSkip: number;
  private readonly separator: number;

  constructor(private readonly options: CsvParserOptions) {
    this.separator = options.separator.charCodeAt(0);
    this.linesToSkip = options.skipLines ?? 0;
  }

  /** The records that are complete with this piece. @throws CsvError */
  push(text: string): string[][] {
    return this.parse(this.rest === '' ? text : this.rest + text, false);
  }

  /** The records that end with the file. @throws CsvError */
  end(): string[][] {
    return this.rest === '' ? [] : this.parse(this.rest, true);
  }

  private parse(text: string, isLast: boolean): string[][] {
    const records: string[][] = [];
    // A `\r` at the end may be half of `\r\n`: its record waits for the next piece.
    const end = text.length;
    let position = 0;
    while (position < end) {
      const next =
        this.linesToSkip > 0
          ? this.skipLine(text, position, isLast)
          : (this.skipBlankLine(text, position, isLast) ?? this.readRecord(text, position, isLast, records));
      if (next === -1) {
        break;
      }
      position = next;
    }
    this.rest = position === 0 ? text : text.slice(position);
    if (this.rest.length > this.options.maxLineLength) {
      throw new CsvError('line_too_long', this.line + 1);
    }
    return records;
  }

  /** The position after the record at `start`, or -1 if it is not complete yet. */
  private readRecord(text: string, start: number, isLast: boolean, records: string[][]): number {
    const { separator } = this;
    const end = text.length;
    const record: string[] = [];
    let lines = 0;
    let position = start;
    for (;;) {
      let field: string;
      let code = text.charCodeAt(position);
      if (code === quote) {
        const close = closingQuote(text, position + 1);
        if (close === -1 || (close === end - 1 && !isLast)) {
          if (isLast) {
            throw new CsvError('quote_not_closed', this.line + 1);
          }
          return -1;
        }
        field = text.slice(position + 1, close);
        lines += countNewlines(field);
        if (field.includes('"')) {
          field = field.replace(/""/g, '"');
        }
        position = close + 1;
        const tail = position;
        code = text.charCodeAt(position);
        while (position < end && code !== separator && code !== newline && code !== carriageReturn) {
          code = text.charCodeAt(++position);
        }
        if (position > tail) {
          field += text.slice(tail, position);
        }
      } else {
        const fieldStart = position;
        while (position < end && code !== separator && code !== newline && code !== carriageReturn) {
          code = text.charCodeAt(++position);
        }
        field = text.slice(fieldStart, position);
      }
      record.push(field);
      if (position >= end) {
        if (!isLast) {
          return -1;
        }
        break;
      }
      position++;
      if (code !== separator) {
        if (code === carriageReturn) {
          if (position >= end && !isLast) {
            return -1;
          }
          if (text.charCodeAt(position) === newline) {
            position++;
          }
        }
        break;
      }
    }
    this.line += lines + 1;
    records.push(record);
    return position;
  }

  /** The position after a line of nothing but blanks, -1 if that cannot be said yet, undefined if it is not one. */
  private skipBlankLine(text: string, start: number, isLast: boolean): number | undefined {
    let position = start;
    let code = text.charCodeAt(position);
    while ((code === space || code === tab) && code !== this.separator) {
      code = text.charCodeAt(++position);
    }
    if (position >= text.length) {
      return isLast ? position : -1;
    }
    return code === newline || code === carriageReturn ? this.afterLineEnd(text, position, isLast) : undefined;
  }

  /** Leaves out a line; one that has quotes ends after them. */
  private skipLine(text: string, start: number, isLast: boolean): number {
    let quoted = false;
    for (let position = start; position < text.length; position++) {
      const code = text.charCodeAt(position);
      if (code === quote) {
        quoted = !quoted;
      } else if (!quoted && (code === newline || code === carriageReturn)) {
        const next = this.afterLineEnd(text, position, isLast);
        this.linesToSkip -= next === -1 ? 0 : 1;
        return next;
      }
    }
    return isLast ? text.length : -1;
  }

  private afterLineEnd(text: string, position: number, isLast: boolean): number {
    if (text.charCodeAt(position) === carriageReturn) {
      if (position + 1 >= text.length && !isLast) {
        return -1;
      }
      if (text.charCodeAt(position + 1) === newline) {
        this.line++;
        return position + 2;
      }
    }
    this.line++;
    return position + 1;
  }
}

/** The position of the quote that ends a quoted field: the first that is not doubled. */
function closingQuote(text: string, start: number): number {
  let position = text.indexOf('"', start);
  while (position !== -1 && text.charCodeAt(position + 1) === quote) {
    position = text.indexOf('"', position + 2);
  }
  return position;
}

function countNewlines(text: string): number {
  let count = 0;
  for (let position = text.indexOf('\n'); position !== -1; position = text.indexOf('\n', position + 1)) {
    count++;
  }
  return count;
}
