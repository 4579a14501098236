import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import * as iconv from 'iconv-lite';

/** What the library knows beside encodings of text. */
const notEncodings: ReadonlySet<string> = new Set(['base64', 'hex', 'binary']);

/** Turns a file's bytes into text, piece by piece. */
export interface Decoder {
  /** Undefined where a byte cannot be decoded. */
  decode(bytes: Buffer): string | undefined;
  /** What is left at the end of the file. */
  end(): string | undefined;
}

/**
 * A strict decoder for an encoding by one of Python's names. A UTF-8 byte order mark at the start is dropped.
 *
 * @returns undefined if the encoding is not known
 */
export function createDecoder(encoding: string): Decoder | undefined {
  const name = encoding.toLowerCase().replace(/[^a-z0-9]/g, '');
  switch (name) {
    case 'utf8':
    case 'utf8sig':
    case 'u8':
    case 'cp65001':
      return new Utf8Decoder();
    case 'utf16':
    case 'u16':
      return new Utf16Decoder();
    case 'utf16le':
      return new StrictDecoder('utf-16le');
    case 'utf16be':
      return new StrictDecoder('utf-16be');
    case 'ascii':
    case 'usascii':
      return { decode: (bytes) => (isAscii(bytes) ? bytes.toString('latin1') : undefined), end: () => '' };
    case 'latin1':
    case 'iso88591':
    case 'l1':
      return { decode: (bytes) => bytes.toString('latin1'), end: () => '' };
    default:
      return iconv.encodingExists(name) && !notEncodings.has(name) ? tableDecoder(name) : undefined;
  }
}

class StrictDecoder implements Decoder {
  private readonly decoder: TextDecoder;

  constructor(label: string) {
    this.decoder = new TextDecoder(label, { fatal: true });
  }

  decode(bytes: Buffer): string | undefined {
    return this.attempt(() => this.decoder.decode(bytes, { stream: true }));
  }

  end(): string | undefined {
    return this.attempt(() => this.decoder.decode());
  }

  private attempt(decode: () => string): string | undefined {
    try {
      return decode();
    } catch {
      return undefined;
    }
  }
}

/** Either byte order, as the mark at the start says; without one, little endian. */
class Utf16Decoder implements Decoder {
  private decoder: Decoder | undefined;

  decode(bytes: Buffer): string | undefined {
    this.decoder ??= new StrictDecoder(bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-16le');
    return this.decoder.decode(bytes);
  }

  end(): string | undefined {
    return this.decoder === undefined ? '' : this.decoder.end();
  }
}

/** Most pieces of most files are ASCII, which needs no decoding, only copying. */
class Utf8Decoder extends StrictDecoder {
  private started = false;
  private pending = false;

  constructor() {
    super('utf-8');
  }

  override decode(bytes: Buffer): string | undefined {
    if (this.started && !this.pending && isAscii(bytes)) {
      return bytes.toString('latin1');
    }
    this.started = true;
    // Only a piece whose last byte is ASCII is sure to leave nothing behind.
    this.pending = (bytes.at(-1) ?? 0) > 0x7f;
    return super.decode(bytes);
  }
}

/** The library puts U+FFFD where a byte means nothing; in a one-byte encoding no real character is that. */
function tableDecoder(name: string): Decoder {
  const decoder = iconv.getDecoder(name);
  const checked = (text: string | undefined): string | undefined =>
    text?.includes('\ufffd') === true ? undefined : (text ?? '');
  return { decode: (bytes) => checked(decoder.write(bytes)), end: () => checked(decoder.end()) };
}
