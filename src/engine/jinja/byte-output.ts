import { PyError } from '../python/values';

/** Up to this many bytes or characters a loop is faster than a call of the platform. */
const shortLength = 24;
const longText = 200;
/** UTF-8 needs at most this many bytes for a unit of a JavaScript string. */
const maxBytesPerUnit = 3;
/** As much as can come together before it is written: a row that is larger has gone wrong. */
const maxBytes = 1 << 29;
const encoder = new TextEncoder();

/**
 * Where a template puts its output: a buffer of UTF-8 that grows. Most of what a run does is output, so it is encoded as it is
 * made: constants once, when the template is compiled, and values, which are short, unit by unit. Making a text first, to encode
 * it later, costs several times as much.
 */
export class ByteOutput {
  /** How much of `bytes` is in use. */
  used = 0;

  constructor(public bytes: Uint8Array) {}

  /** Appends bytes that are UTF-8 already. */
  constant(part: Uint8Array): void {
    const { used } = this;
    const { length } = part;
    if (used + length > this.bytes.length) {
      this.grow(length);
    }
    const { bytes } = this;
    if (length > shortLength) {
      bytes.set(part, used);
    } else {
      for (let i = 0; i < length; i++) {
        bytes[used + i] = part[i] as number;
      }
    }
    this.used = used + length;
  }

  text(text: string): void {
    const { used } = this;
    const { length } = text;
    if (used + length * maxBytesPerUnit > this.bytes.length) {
      this.grow(length * maxBytesPerUnit);
    }
    if (length > longText) {
      this.encode(text);
      return;
    }
    const { bytes } = this;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) {
        this.encode(text);
        return;
      }
      bytes[used + i] = unit;
    }
    this.used = used + length;
  }

  /** Appends a text between two constants. */
  piece(piece: Piece, text: string): void {
    if (piece.text === text || (!piece.hasMany && piece.become(text))) {
      this.constant(piece.bytes);
      return;
    }
    if (piece.before.length > 0) {
      this.constant(piece.before);
    }
    this.text(text);
    if (piece.after.length > 0) {
      this.constant(piece.after);
    }
  }

  private encode(text: string): void {
    this.used += encoder.encodeInto(text, this.bytes.subarray(this.used)).written;
  }

  private grow(needed: number): void {
    if (this.used + needed > maxBytes) {
      throw new PyError('LimitError', `a rendering of more than ${maxBytes} bytes`);
    }
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.used + needed));
    larger.set(this.bytes.subarray(0, this.used));
    this.bytes = larger;
  }
}

/** A column with more values than this is probably one of marks or names. */
const maxValues = 32;

/**
 * A value between two constants. Most columns that a template prints in many places, such as a namespace, have one value or few, so
 * the whole is kept for each; for a column that has many, nothing is.
 */
export class Piece {
  /** The value in `bytes`. */
  text: string | undefined;
  bytes: Uint8Array;
  /** Whether there are so many values that none is kept any more. */
  hasMany = false;
  private readonly known = new Map<string, Uint8Array>();

  constructor(
    readonly before: Uint8Array,
    readonly after: Uint8Array,
  ) {
    this.bytes = before;
  }

  /** Makes the piece the one with this value; false if there are too many values. */
  become(text: string): boolean {
    let bytes = this.known.get(text);
    if (bytes === undefined) {
      if (this.known.size === maxValues) {
        this.hasMany = true;
        this.text = undefined;
        this.known.clear();
        return false;
      }
      bytes = this.encode(text);
      this.known.set(text, bytes);
    }
    this.text = text;
    this.bytes = bytes;
    return true;
  }

  private encode(text: string): Uint8Array {
    const output = new ByteOutput(new Uint8Array(this.before.length + text.length + this.after.length));
    output.constant(this.before);
    output.text(text);
    output.constant(this.after);
    return output.bytes.slice(0, output.used);
  }
}
