/** What about a file's bytes is not as a plain UTF-8 text has it. */
export type Oddity =
  /** Two bytes a character, with or without a byte order mark. */
  | 'utf16'
  /** UTF-8 behind a byte order mark, as Excel writes it. */
  | 'byte_order_mark'
  /** Bytes that are no UTF-8; read as windows-1252 here. */
  | 'invalid_utf8'
  | 'nul'
  /** A zip archive, which a workbook is too, whatever the file is called. */
  | 'zip';

export interface DecodedStart {
  readonly text: string;
  readonly oddities: readonly Oddity[];
}

/**
 * Reads the start of a file as text. An encoding is only ever guessed here: which one the bundle expects, only the bundle knows.
 *
 * @param isWhole whether these are all bytes of the file; if not, they may end in the middle of a character.
 */
export function decodeStart(bytes: Uint8Array, isWhole: boolean): DecodedStart {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return { text: '', oddities: ['zip'] };
  if (startsWith(bytes, 0xff, 0xfe)) return { text: decode('utf-16le', bytes), oddities: ['utf16'] };
  if (startsWith(bytes, 0xfe, 0xff)) return { text: decode('utf-16be', bytes), oddities: ['utf16'] };
  const utf16 = guessUtf16(bytes);
  if (utf16 !== null) return { text: decode(utf16, bytes), oddities: ['utf16'] };

  const oddities: Oddity[] = startsWith(bytes, 0xef, 0xbb, 0xbf) ? ['byte_order_mark'] : [];
  if (bytes.includes(0)) oddities.push('nul');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
    return { text, oddities };
  } catch {
    return { text: decode('windows-1252', bytes), oddities: [...oddities, 'invalid_utf8'] };
  }
}

const startsWith = (bytes: Uint8Array, ...start: number[]): boolean => start.every((byte, index) => bytes[index] === byte);

/** Lenient; a piece of a character at the end is left out. */
const decode = (encoding: string, bytes: Uint8Array): string => new TextDecoder(encoding).decode(bytes, { stream: true });

/** How much is looked at for zeros: more than any header has. */
const GUESS_BYTES = 1024;

/** In a western text without a byte order mark every second byte is 0: those at odd places in little endian, at even ones in big. */
function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const start = bytes.subarray(0, GUESS_BYTES);
  const zeros = [0, 0] as [number, number];
  start.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2 === 0 ? 0 : 1] += 1;
  });
  const most = 0.7 * (start.length / 2);
  if (start.length < 4) return null;
  if (zeros[1] > most && zeros[0] === 0) return 'utf-16le';
  if (zeros[0] > most && zeros[1] === 0) return 'utf-16be';
  return null;
}
