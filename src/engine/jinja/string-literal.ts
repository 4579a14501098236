export type UnescapeResult = { kind: 'text'; text: string } | { kind: 'malformed'; detail: string };

const simple = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);
const hexLengths = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** The characters that a string literal's inside stands for: Python's escapes; an unknown one stays as written. */
export function unescapeString(inside: string): UnescapeResult {
  if (!inside.includes('\\')) {
    return { kind: 'text', text: inside };
  }
  let text = '';
  let at = 0;
  for (;;) {
    const slash = inside.indexOf('\\', at);
    if (slash < 0) {
      return { kind: 'text', text: text + inside.slice(at) };
    }
    text += inside.slice(at, slash);
    const letter = inside.charAt(slash + 1);
    const octal = /^[0-7]{1,3}/.exec(inside.slice(slash + 1, slash + 4))?.[0];
    const hexLength = hexLengths.get(letter);
    if (octal !== undefined) {
      text += String.fromCharCode(parseInt(octal, 8));
      at = slash + 1 + octal.length;
    } else if (hexLength !== undefined) {
      const hex = inside.slice(slash + 2, slash + 2 + hexLength);
      const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === hexLength ? parseInt(hex, 16) : NaN;
      if (!(code <= 0x10ffff)) {
        return {
          kind: 'malformed',
          detail: Number.isNaN(code) ? `truncated \\${letter} escape in a string` : 'illegal Unicode character in a string',
        };
      }
      text += String.fromCodePoint(code);
      at = slash + 2 + hexLength;
    } else if (letter === 'N') {
      return { kind: 'malformed', detail: 'characters by name (\\N{…}) are not supported; write the character itself' };
    } else {
      text += simple.get(letter) ?? `\\${letter}`;
      at = slash + 2;
    }
  }
}
