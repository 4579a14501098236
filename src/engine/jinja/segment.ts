/** A column with more values than this is probably one of marks or names, and looking these up takes longer than writing them. */
const maxValues = 4;
/** How many continuations one segment may have in all. */
const maxKept = 64;
/** Longer values are not kept. */
const maxLength = 200;
const encoder = new TextEncoder();

/** Counts what is kept for a segment and its continuations. */
interface Kept {
  count: number;
}

/**
 * Text that is constant but for one value or several in it, such as `"namespace": "…", "result": "…"`. Most columns that a template
 * prints in many places, such as a namespace, have one value or few, so the bytes up to the next value are kept for each; where a
 * column has many, nothing is, and what is before the value, the value and the rest are written one after the other.
 */
export class Segment {
  /** The last value, and what comes with it. */
  value: string | undefined;
  next: Segment = this;
  private known: { readonly value: string; readonly next: Segment }[] | undefined = [];
  private withoutValue: Segment | undefined;

  /**
   * @param bytes what is before the value; all, if there is none
   * @param rest what is behind the value, before the next …, behind the last
   */
  constructor(
    readonly bytes: Uint8Array,
    private readonly rest: readonly Uint8Array[],
    private readonly kept: Kept = { count: 0 },
  ) {}

  /** @param constants what is before, between and behind the values */
  static of(constants: readonly string[]): Segment {
    const [first, ...rest] = constants.map((text) => encoder.encode(text));
    return new Segment(first as Uint8Array, rest);
  }

  /** The same with the first value in it; undefined if there are so many values that none is kept. */
  after(value: string): Segment | undefined {
    if (this.known === undefined) {
      return undefined;
    }
    let found = this.known.find((entry) => entry.value === value);
    if (found === undefined) {
      if (this.known.length === maxValues || this.kept.count === maxKept || value.length > maxLength) {
        this.known = undefined;
        this.value = undefined;
        return undefined;
      }
      const [behind, ...rest] = this.rest;
      const bytes = Buffer.concat([this.bytes, encoder.encode(value), behind as Uint8Array]);
      found = { value, next: new Segment(bytes, rest, this.kept) };
      this.kept.count++;
      this.known.push(found);
    }
    this.value = value;
    this.next = found.next;
    return found.next;
  }

  /** What is behind the first value. */
  get remainder(): Segment {
    return (this.withoutValue ??= new Segment(this.rest[0] as Uint8Array, this.rest.slice(1)));
  }
}
