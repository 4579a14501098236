/**
 * MD5 (RFC 1321) of a text's UTF-8 bytes, in lower-case hex. Bundles make ids of it, which must be the same as the reference's;
 * it guards nothing. Written out because the engine's core uses no Node API, and a call per row into OpenSSL costs more than this.
 */
export function md5(text: string): string {
  const words = paddedWords(utf8.encode(text));
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let offset = 0; offset < words.length; offset += 16) {
    addBlock(state, words, offset);
  }
  return state.map(littleEndianHex).join('');
}

const utf8 = new TextEncoder();

/** T[i] of RFC 1321 §3.4: the whole part of 2^32 times |sin(i)|. */
const sines = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));
const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

/** The bytes, a one bit, zeros, and the length in bits, as little-endian words in blocks of sixteen. */
function paddedWords(bytes: Uint8Array): Int32Array {
  const words = new Int32Array((((bytes.length + 8) >> 6) + 1) * 16);
  for (let i = 0; i < bytes.length; i++) {
    words[i >> 2] = (words[i >> 2] ?? 0) | ((bytes[i] ?? 0) << ((i & 3) * 8));
  }
  words[bytes.length >> 2] = (words[bytes.length >> 2] ?? 0) | (0x80 << ((bytes.length & 3) * 8));
  words[words.length - 2] = bytes.length << 3;
  words[words.length - 1] = bytes.length / 2 ** 29;
  return words;
}

function addBlock(state: number[], words: Int32Array, offset: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    const [mixed, index] = mix(round, i, b, c, d);
    const sum = (a + mixed + (words[offset + index] ?? 0) + (sines[i] ?? 0)) | 0;
    const shift = shifts[round as 0]?.[i & 3] ?? 0;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  [a, b, c, d].forEach((word, i) => {
    state[i] = ((state[i] ?? 0) + word) | 0;
  });
}

/** The round's function of RFC 1321 §3.4, and which word it takes. */
function mix(round: number, i: number, b: number, c: number, d: number): [mixed: number, index: number] {
  switch (round) {
    case 0:
      return [(b & c) | (~b & d), i];
    case 1:
      return [(b & d) | (c & ~d), (5 * i + 1) & 15];
    case 2:
      return [b ^ c ^ d, (3 * i + 5) & 15];
    default:
      return [c ^ (b | ~d), (7 * i) & 15];
  }
}

function littleEndianHex(word: number): string {
  let hex = '';
  for (let shift = 0; shift < 32; shift += 8) {
    hex += ((word >>> shift) & 0xff).toString(16).padStart(2, '0');
  }
  return hex;
}
