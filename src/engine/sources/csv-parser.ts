import { ShortTexts } from './short-texts';

export interface CsvParserOptions {
  readonly separator: string;
  /** A record may not be longer; it is the protection against a file that is one line. */
  readonly maxLineLength: number;
  /** Physical lines to leave out before the first record, blank ones counted. */
  readonly skipLines?: number;
  /** Records that are given out together; default 200: so few that what is made of them dies young. */
  readonly batchSize?: number;
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
const beyondLatin1 = /[^\0-\xff]/;

/**
 * Splits delimited text into records as pandas' C parser does (its `tokenizer.c`): a quote counts only at the start of a field, doubled
 * inside; what follows a closing quote is appended; lines that are empty or blank are left out; `\n`, `\r\n` and a lone `\r` end
 * a line. Text comes in pieces of any size.
 */
export class CsvParser {
  /** Physical lines that are done with. */
  line = 0;
  /** By a field's place, 1 if it is needed; the others of the records to come are empty texts. Undefined if all are needed. */
  needed: Uint8Array | undefined;
  private linesToSkip: number;
  private readonly separator: number;
  /** No unit above it ends a field that is not quoted. */
  private readonly highestEnd: number;
  private readonly shortTexts = new ShortTexts();
  private readonly batchSize: number;
  private rest = '';
  /** The piece that is being split. */
  private text = '';
  /** Its units, which are much faster to look at in an array than in the text; after the last there is a newline. */
  private units: Uint8Array | Uint16Array = new Uint8Array(0);
  private bytes = Buffer.alloc(0);
  private isLatin1 = false;
  private end = 0;
  private isLast = false;
  /** As many empty fields as the last record had, which is probably what the next one has. */
  private blank: string[] = [];

  constructor(private readonly options: CsvParserOptions) {
    this.separator = options.separator.charCodeAt(0);
    this.highestEnd = Math.max(this.separator, carriageReturn);
    this.linesToSkip = options.skipLines ?? 0;
    this.batchSize = options.batchSize ?? 200;
  }

  /** The records that are complete with this piece, in batches. @throws CsvError */
  *push(text: string): Generator<string[][]> {
    yield* this.parse(this.rest + text, false);
  }

  /** The records that end with the file. @throws CsvError */
  *finish(): Generator<string[][]> {
    yield* this.parse(this.rest, true);
  }

  private *parse(text: string, isLast: boolean): Generator<string[][]> {
    this.text = text;
    this.end = text.length;
    this.isLast = isLast;
    this.readUnits();
    let records: string[][] = [];
    let position = 0;
    while (position < this.end) {
      const next =
        this.linesToSkip > 0 ? this.skipLine(position) : (this.skipBlankLine(position) ?? this.readRecord(position, records));
      if (next === -1) {
        break;
      }
      position = next;
      if (records.length >= this.batchSize) {
        yield records;
        records = [];
      }
    }
    this.rest = text.slice(position);
    if (this.rest.length > this.options.maxLineLength) {
      throw new CsvError('line_too_long', this.line + 1);
    }
    if (records.length > 0) {
      yield records;
    }
  }

  private readUnits(): void {
    const { text, end } = this;
    this.isLatin1 = !beyondLatin1.test(text);
    if (!this.isLatin1) {
      const units = new Uint16Array(end + 1);
      for (let i = 0; i < end; i++) {
        units[i] = text.charCodeAt(i);
      }
      this.units = units;
    } else {
      if (this.bytes.length <= end) {
        this.bytes = Buffer.allocUnsafeSlow(end + 1);
      }
      this.bytes.write(text, 'latin1');
      this.units = this.bytes;
    }
    this.units[end] = newline;
  }

  /** The position after the record at `start`, or -1 if it is not complete yet. */
  private readRecord(start: number, records: string[][]): number {
    const { text, units, end, isLast, separator, highestEnd, needed, isLatin1, shortTexts } = this;
    const record = this.blank.slice();
    const width = record.length;
    let count = 0;
    let lines = 0;
    let position = start;
    for (;;) {
      const isNeeded = needed === undefined || needed[count] === 1;
      let field = '';
      let code = units[position];
      if (code === quote) {
        const open = position + 1;
        let doubled = false;
        for (position = open; position < end; position++) {
          code = units[position];
          if (code === newline) {
            lines++;
          } else if (code === quote) {
            if (units[position + 1] !== quote) {
              break;
            }
            doubled = true;
            position++;
          }
        }
        // A quote at the end of the piece may be the first of two.
        if (position >= end || (position === end - 1 && !isLast)) {
          if (isLast) {
            throw new CsvError('quote_not_closed', this.line + 1);
          }
          return -1;
        }
        if (isNeeded) {
          field = isLatin1 ? shortTexts.slice(text, units, open, position) : text.slice(open, position);
          if (doubled) {
            field = field.replaceAll('""', '"');
          }
        }
        const tail = ++position;
        code = units[position];
        while (code !== separator && code !== newline && code !== carriageReturn) {
          code = units[++position];
        }
        if (position > tail && isNeeded) {
          field += text.slice(tail, position);
        }
      } else {
        const fieldStart = position;
        while ((code as number) > highestEnd || (code !== separator && code !== newline && code !== carriageReturn)) {
          code = units[++position];
        }
        if (position > fieldStart && isNeeded) {
          field = isLatin1 ? shortTexts.slice(text, units, fieldStart, position) : text.slice(fieldStart, position);
        }
      }
      if (count >= width) {
        record.push(field);
      } else if (field !== '') {
        record[count] = field;
      }
      count++;
      if (code === separator) {
        position++;
        continue;
      }
      if (position >= end) {
        if (!isLast) {
          return -1;
        }
        break;
      }
      position++;
      if (code === carriageReturn) {
        if (position >= end && !isLast) {
          return -1;
        }
        if (position < end && units[position] === newline) {
          position++;
        }
      }
      break;
    }
    if (width !== count) {
      record.length = count;
      this.blank = new Array<string>(count).fill('');
    }
    this.line += lines + 1;
    records.push(record);
    return position;
  }

  /** The position after a line of nothing but blanks, -1 if that cannot be said yet, undefined if it is not one. */
  private skipBlankLine(start: number): number | undefined {
    const { units, end, isLast, separator } = this;
    let position = start;
    let code = units[position];
    while ((code === space || code === tab) && code !== separator) {
      code = units[++position];
    }
    if (position >= end) {
      return isLast ? position : -1;
    }
    return code === newline || code === carriageReturn ? this.afterLineEnd(position) : undefined;
  }

  /** Leaves out a line; one that has quotes ends after them. */
  private skipLine(start: number): number {
    const { units, end, isLast } = this;
    let quoted = false;
    for (let position = start; position < end; position++) {
      const code = units[position];
      if (code === quote) {
        quoted = !quoted;
      } else if (!quoted && (code === newline || code === carriageReturn)) {
        const next = this.afterLineEnd(position);
        this.linesToSkip -= next === -1 ? 0 : 1;
        return next;
      }
    }
    return isLast ? end : -1;
  }

  private afterLineEnd(position: number): number {
    const { units, end, isLast } = this;
    if (units[position] === carriageReturn) {
      if (position + 1 >= end && !isLast) {
        return -1;
      }
      if (position + 1 < end && units[position + 1] === newline) {
        this.line++;
        return position + 2;
      }
    }
    this.line++;
    return position + 1;
  }
}
