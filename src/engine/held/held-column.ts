import { flatText } from '../flat-text';
import type { Value } from '../python/values';
import type { HeldAccount } from './held-memory';
import { valueBytes } from './value-bytes';

/** So many values are packed at once; the power of two finds a value's block by a shift. */
const blockBits = 10;
const blockSize = 1 << blockBits;
/** The most values that two bytes can number. */
const maxDistinct = 1 << 16;
/** After this many values it is clear whether they repeat. */
const trialValues = 4 * blockSize;
/** Of a value in the dictionary: in its list and in its Map. */
const entryBytes = 64;
const blockBytes = 200;
const untoldLimit = 1 << 14;
/** Far below what V8 takes for one text. */
const longestText = 1 << 28;

type Block =
  | { readonly kind: 'codes'; readonly codes: Uint8Array | Uint16Array }
  /** All texts in one, and where each ends. */
  | { readonly kind: 'texts'; readonly text: string; readonly ends: Uint16Array | Uint32Array }
  | { readonly kind: 'values'; readonly values: readonly Value[] };

/**
 * The values of a column, held in little memory: those that repeat as numbers of a dictionary, other texts a block in one text, so that
 * a value takes its characters and a few bytes, and there is little for the garbage collector to look at. None keeps alive what it was
 * cut from.
 */
export class HeldColumn {
  length = 0;
  private readonly blocks: Block[] = [];
  /** The last values, which are not packed yet, and what they take. */
  private pending: Value[] = [];
  private pendingBytes = 0;
  /** What has been added since the account was told. */
  private untoldBytes = 0;
  private readonly entries: Value[] = [];
  /** The numbers of the values in `entries`; undefined when there have been too many. */
  private codes: Map<Value, number> | undefined = new Map();

  constructor(private readonly account: HeldAccount) {}

  /** @throws BundleError `too_much_to_hold` */
  add(value: Value): void {
    this.pending.push(value);
    this.length++;
    // A slot, and what is sure to be the value's own: a long text; short ones may be shared.
    const bytes = 8 + (typeof value === 'string' ? value.length : valueBytes(value));
    this.pendingBytes += bytes;
    this.untoldBytes += bytes;
    if (this.pending.length === blockSize) {
      this.pack();
    } else if (this.untoldBytes > untoldLimit) {
      this.tell();
    }
  }

  /** @param index from 0, in the order of adding */
  get(index: number): Value {
    const block = this.blocks[index >> blockBits];
    const at = index & (blockSize - 1);
    switch (block?.kind) {
      case 'codes':
        return this.entries[block.codes[at] as number] as Value;
      case 'texts':
        return block.text.slice(at === 0 ? 0 : block.ends[at - 1], block.ends[at]);
      case 'values':
        return block.values[at] as Value;
      case undefined:
        return this.pending[at] as Value;
    }
  }

  /** Packs the last values too. Nothing can be added after it. */
  seal(): void {
    if (this.pending.length > 0) {
      this.pack();
    }
    this.codes = undefined;
  }

  private pack(): void {
    const values = this.pending;
    this.pending = [];
    this.untoldBytes -= this.pendingBytes;
    this.pendingBytes = 0;
    const block = this.encode(values) ?? asTexts(values) ?? { kind: 'values', values: values.map(kept) };
    this.blocks.push(block);
    this.untoldBytes += blockBytes + bytesOf(block);
    this.tell();
  }

  private tell(): void {
    this.account.hold({ bytes: this.untoldBytes });
    this.untoldBytes = 0;
  }

  /** Undefined if the column's values repeat too little. */
  private encode(values: readonly Value[]): Block | undefined {
    const { codes, entries } = this;
    if (codes === undefined) {
      return undefined;
    }
    const numbers = new Uint16Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as Value;
      let code = codes.get(value);
      if (code === undefined) {
        code = entries.length;
        if (code === maxDistinct || (code > trialValues && code * 2 > this.length) || isObject(value)) {
          this.codes = undefined;
          return undefined;
        }
        const entry = kept(value);
        entries.push(entry);
        codes.set(entry, code);
        this.untoldBytes += entryBytes + valueBytes(entry);
      }
      numbers[i] = code;
    }
    return { kind: 'codes', codes: entries.length <= 256 ? Uint8Array.from(numbers) : numbers };
  }
}

/** Lists and dicts are looked at by identity, and PyFloats: none would be found again. */
function isObject(value: Value): boolean {
  return typeof value === 'object' && value !== null;
}

function kept(value: Value): Value {
  return typeof value === 'string' ? flatText(value) : value;
}

function asTexts(values: readonly Value[]): Block | undefined {
  const ends = new Uint32Array(values.length);
  let end = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'string') {
      return undefined;
    }
    end += value.length;
    ends[i] = end;
  }
  if (end > longestText) {
    return undefined;
  }
  // Joined, a single text would be itself, with what it was cut from.
  return { kind: 'texts', text: flatText(values.join('')), ends: end < 1 << 16 ? Uint16Array.from(ends) : ends };
}

function bytesOf(block: Block): number {
  switch (block.kind) {
    case 'codes':
      return block.codes.byteLength;
    case 'texts':
      return valueBytes(block.text) + block.ends.byteLength;
    case 'values':
      return block.values.reduce<number>((bytes, value) => bytes + 8 + valueBytes(value), 0);
  }
}
