import { decodeStart } from './decode-start';

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16le = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const text = 'id,name\n1,Zoë\n';

describe('the start of a file', () => {
  it.each<[string, Uint8Array, readonly string[], string]>([
    ['plain UTF-8', utf8(text), [], text],
    ['nothing', utf8(''), [], ''],
    ['UTF-8 with a mark', utf8(`\ufeff${text}`), ['byte_order_mark'], text],
    ['UTF-16 with a mark', utf16le(`\ufeff${text}`), ['utf16'], text],
    ['UTF-16 with the other mark', utf16be(`\ufeff${text}`), ['utf16'], text],
    ['UTF-16 without a mark', utf16le(text), ['utf16'], text],
    ['UTF-16 of the other order without a mark', utf16be(text), ['utf16'], text],
    ['a NUL', utf8('a,b\n1,\0\n'), ['nul'], 'a,b\n1,\0\n'],
    ['windows-1252', Uint8Array.from(Buffer.from(text, 'latin1')), ['invalid_utf8'], text],
    ['a mark and no UTF-8', Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff), ['byte_order_mark', 'invalid_utf8'], 'ï»¿aÿ'],
    ['a workbook', Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0, 0), ['zip'], ''],
    ['two zeros', Uint8Array.of(0x61, 0), ['nul'], 'a\0'],
  ])('of %s', (_, bytes, oddities, expected) => {
    expect(decodeStart(bytes, true)).toEqual({ text: expected, oddities });
  });

  it('may end in the middle of a character, unless it is the whole file', () => {
    const cut = utf8('name\nZoë').subarray(0, -1);
    expect(decodeStart(cut, false)).toEqual({ text: 'name\nZo', oddities: [] });
    expect(decodeStart(cut, true)).toEqual({ text: 'name\nZoÃ', oddities: ['invalid_utf8'] });
    expect(decodeStart(utf16le(`\ufeff${text}`).subarray(0, -1), false).text).toBe(text.slice(0, -1));
  });
});
