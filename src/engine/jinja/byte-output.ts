import { PyError } from '../python/values';
import type { Segment } from './segment';

/** Up to this many bytes a loop is faster than a call of the platform. */
const shortLength = 12;
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

  /** Appends a segment with its value. */
  segment1(segment: Segment, first: string): void {
    this.constant(this.after(segment, first).bytes);
  }

  segment2(segment: Segment, first: string, second: string): void {
    this.constant(this.after(this.after(segment, first), second).bytes);
  }

  segment3(segment: Segment, first: string, second: string, third: string): void {
    this.constant(this.after(this.after(this.after(segment, first), second), third).bytes);
  }

  segment4(segment: Segment, first: string, second: string, third: string, fourth: string): void {
    this.constant(this.after(this.after(this.after(this.after(segment, first), second), third), fourth).bytes);
  }

  /** What is to be written once a segment has its next value. */
  private after(segment: Segment, value: string): Segment {
    if (segment.value === value) {
      return segment.next;
    }
    const next = segment.after(value);
    if (next === undefined) {
      this.constant(segment.bytes);
      this.text(value);
      return segment.remainder;
    }
    return next;
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
