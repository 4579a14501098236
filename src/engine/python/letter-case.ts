import { characters } from './text';

/** Unicode's "cased" letters, by which Python finds where words begin. */
const cased = /\p{Cased}/u;
const upper = /\p{Uppercase}/u;
const lower = /\p{Lowercase}/u;
const titleOnly = /\p{Lt}/u;

export function toLower(text: string): string {
  return text.toLowerCase();
}

export function toUpper(text: string): string {
  return text.toUpperCase();
}

/** One character in title case: JavaScript has none, and only the four digraphs' families differ from upper case. */
export function titleCharacter(character: string): string {
  const digraph = titleDigraphs.get(character);
  if (digraph !== undefined) {
    return digraph;
  }
  if (character === '\u0149') {
    return '\u02bcN';
  }
  const raised = character.toUpperCase();
  // `ß`, `ﬁ` and the like become several letters, of which title case raises the first only.
  const [first = '', ...rest] = raised;
  return rest.length > 0 && character.toLowerCase() === character ? first + rest.join('').toLowerCase() : raised;
}

const titleDigraphs = new Map(
  [
    ['\u01c4', '\u01c5', '\u01c6'],
    ['\u01c7', '\u01c8', '\u01c9'],
    ['\u01ca', '\u01cb', '\u01cc'],
    ['\u01f1', '\u01f2', '\u01f3'],
  ].flatMap(([big = '', title = '', small = '']) => [
    [big, title],
    [title, title],
    [small, title],
  ]) as [string, string][],
);

/** `str.capitalize`: the first character in title case, the rest in lower case. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = characters(text);
  return titleCharacter(first) + rest.join('').toLowerCase();
}

/** `str.title`: a letter after a letter is lower case, after anything else title case. */
export function titleCase(text: string): string {
  let result = '';
  let inWord = false;
  for (const character of characters(text)) {
    result += inWord ? character.toLowerCase() : titleCharacter(character);
    inWord = cased.test(character);
  }
  return result;
}

export function swapCase(text: string): string {
  return characters(text)
    .map((character) =>
      upper.test(character) ? character.toLowerCase() : lower.test(character) ? character.toUpperCase() : character,
    )
    .join('');
}

/** `str.casefold`, for comparing. Only `ß` and a few ligatures differ from lower case, and upper case unfolds those. */
export function casefold(text: string): string {
  return characters(text)
    .map((character) => character.toUpperCase().toLowerCase())
    .join('')
    .replaceAll('\u03c2', '\u03c3');
}

export function isLowerText(text: string): boolean {
  return lower.test(text) && !upper.test(text) && !titleOnly.test(text);
}

export function isUpperText(text: string): boolean {
  return upper.test(text) && !lower.test(text) && !titleOnly.test(text);
}

export function isTitleText(text: string): boolean {
  let inWord = false;
  let found = false;
  for (const character of characters(text)) {
    const big = upper.test(character) || titleOnly.test(character);
    if (big ? inWord : lower.test(character) && !inWord) {
      return false;
    }
    inWord = big || lower.test(character);
    found ||= inWord;
  }
  return found;
}
