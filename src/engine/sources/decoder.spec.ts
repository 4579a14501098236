import { createDecoder } from './decoder';

function decode(encoding: string, ...pieces: (string | number[])[]): string | undefined {
  const decoder = createDecoder(encoding);
  let text = '';
  for (const piece of pieces) {
    const part = decoder?.decode(typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece));
    if (part === undefined) {
      return undefined;
    }
    text += part;
  }
  const rest = decoder?.end();
  return rest === undefined ? undefined : text + rest;
}

describe('createDecoder', () => {
  it.each<[string, string, (string | number[])[], string | undefined]>([
    ['utf8 in pieces that cut a character', 'utf8', [[0x61, 0xc3], [0xa9], 'b'], 'aéb'],
    ['a byte order mark', 'utf-8', [[0xef, 0xbb, 0xbf, 0x61]], 'a'],
    ['a byte order mark in pieces', 'utf-8-sig', [[0xef], [0xbb, 0xbf], 'a'], 'a'],
    ['a byte that is no UTF-8', 'UTF8', ['a', [0xe9, 0x61]], undefined],
    ['a character that is cut by the end', 'utf8', [[0xc3]], undefined],
    ['Latin 1, where every byte is a character', 'latin-1', [[0xe9, 0x80]], 'é\u0080'],
    ['Windows, where 0x80 is the euro', 'cp1252', [[0x80, 0xe9]], '€é'],
    ['a byte that Windows does not have', 'windows-1252', [[0x81]], undefined],
    ['ASCII', 'ascii', ['abc'], 'abc'],
    ['a byte that is not ASCII', 'ascii', [[0x80]], undefined],
    [
      'UTF-16',
      'utf-16',
      [
        [0xff, 0xfe, 0x61, 0],
        [0x62, 0],
      ],
      'ab',
    ],
  ])('%s', (_, encoding, pieces, expected) => {
    expect(decode(encoding, ...pieces)).toBe(expected);
  });

  it('does not know every name', () => {
    expect(createDecoder('klingon')).toBeUndefined();
  });
});
