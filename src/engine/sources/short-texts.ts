/** The units of a text that is longer do not fit into two numbers, with its length. */
const maxLength = 7;
const indexBits = 12;

/**
 * Gives the short texts that come again and again, such as grades, scores and flags, as one string each, so that they need not be
 * made, hashed and compared anew for every row. A text that comes less often gives way to the next one in its place.
 */
export class ShortTexts {
  private readonly texts = new Array<string>(1 << indexBits).fill('');
  /** The first four units of each place's text. */
  private readonly heads = new Int32Array(1 << indexBits);
  /** The other units and the length. */
  private readonly tails = new Int32Array(1 << indexBits);

  /** @param units those of `text`, none above 255 @returns `text.slice(start, end)` */
  slice(text: string, units: Uint8Array | Uint16Array, start: number, end: number): string {
    const length = end - start;
    if (length > maxLength) {
      return text.slice(start, end);
    }
    let head = 0;
    let tail = length;
    let position = start;
    for (const headEnd = Math.min(end, start + 4); position < headEnd; position++) {
      head = (head << 8) | (units[position] as number);
    }
    for (; position < end; position++) {
      tail = (tail << 8) | (units[position] as number);
    }
    const place = Math.imul(head ^ Math.imul(tail, 0x2c1b3c6d), 0x297a2d39) >>> (32 - indexBits);
    if (this.heads[place] !== head || this.tails[place] !== tail) {
      this.heads[place] = head;
      this.tails[place] = tail;
      this.texts[place] = text.slice(start, end);
    }
    return this.texts[place] as string;
  }
}
