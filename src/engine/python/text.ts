/**
 * Strings as Python sees them: sequences of code points, with Unicode's white space. Nearly all data has no character outside
 * the Basic Multilingual Plane, so each function first looks whether UTF-16 units will do.
 */

const surrogate = /[\ud800-\udfff]/;

/** What `str.isspace`, `str.strip` and `\s` take for white space; JavaScript's `\s` has U+FEFF and lacks U+001C to U+001F and U+0085. */
export const whitespaceClass = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const leadingSpace = new RegExp(`^[${whitespaceClass}]+`);
const isWhitespace = new RegExp(`^[${whitespaceClass}]$`);
const spaceRuns = new RegExp(`[${whitespaceClass}]+`, 'g');

export function hasAstral(text: string): boolean {
  return surrogate.test(text);
}

/** `len(str)`. */
export function length(text: string): number {
  return hasAstral(text) ? Array.from(text).length : text.length;
}

export function characters(text: string): string[] {
  return hasAstral(text) ? Array.from(text) : text.split('');
}

/** `text[start:stop:step]` for indices as Python's `slice.indices` gives them. */
export function sliceText(text: string, start: number, stop: number, step: number): string {
  if (step === 1 && !hasAstral(text)) {
    return start < stop ? text.slice(start, stop) : '';
  }
  const units = characters(text);
  let result = '';
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) {
    result += units[i] ?? '';
  }
  return result;
}

/** The first `count` characters. */
export function head(text: string, count: number): string {
  return text.length <= count ? text : sliceText(text, 0, Math.max(0, count), 1);
}

export function strip(text: string, characterSet?: string): string {
  return stripLeft(stripRight(text, characterSet), characterSet);
}

export function stripLeft(text: string, characterSet?: string): string {
  if (characterSet === undefined) {
    return text.replace(leadingSpace, '');
  }
  const units = characters(text);
  const set = new Set(characters(characterSet));
  let start = 0;
  while (start < units.length && set.has(units[start] ?? '')) {
    start++;
  }
  return units.slice(start).join('');
}

export function stripRight(text: string, characterSet?: string): string {
  if (characterSet === undefined) {
    // A loop, not a regular expression: `\s+$` takes quadratic time on long inner runs of blanks.
    let end = text.length;
    while (end > 0 && isSpace(text.charCodeAt(end - 1))) {
      end--;
    }
    return text.slice(0, end);
  }
  const units = characters(text);
  const set = new Set(characters(characterSet));
  let end = units.length;
  while (end > 0 && set.has(units[end - 1] ?? '')) {
    end--;
  }
  return units.slice(0, end).join('');
}

export function isSpace(unit: number): boolean {
  return (
    unit === 32 ||
    (unit >= 9 && unit <= 13) ||
    (unit > 27 && (unit < 32 || (unit > 127 && isWhitespace.test(String.fromCharCode(unit)))))
  );
}

/** `str.split()` without a separator: at runs of white space, no empty parts; after `limit` splits the rest stays whole. */
export function splitSpace(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = stripLeft(text);
  while (rest !== '') {
    if (limit >= 0 && parts.length === limit) {
      parts.push(rest);
      break;
    }
    spaceRuns.lastIndex = 0;
    const gap = spaceRuns.exec(rest);
    if (!gap) {
      parts.push(rest);
      break;
    }
    parts.push(rest.slice(0, gap.index));
    rest = rest.slice(gap.index + gap[0].length);
  }
  return parts;
}

/** `str.rsplit()` without a separator. */
export function splitSpaceFromRight(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = stripRight(text);
  while (rest !== '') {
    if (limit >= 0 && parts.length === limit) {
      parts.push(rest);
      break;
    }
    let start = rest.length;
    while (start > 0 && !isSpace(rest.charCodeAt(start - 1))) {
      start--;
    }
    parts.push(rest.slice(start));
    rest = stripRight(rest.slice(0, start));
  }
  return parts.reverse();
}

export function splitOn(text: string, separator: string, limit: number): string[] {
  const parts = text.split(separator);
  return limit < 0 || parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

export function splitOnFromRight(text: string, separator: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (limit < 0 || parts.length < limit) {
    const at = rest.lastIndexOf(separator);
    if (at < 0) {
      break;
    }
    parts.push(rest.slice(at + separator.length));
    rest = rest.slice(0, at);
  }
  parts.push(rest);
  return parts.reverse();
}

const lineEndClass = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';
const lineEnd = new RegExp(`\\r\\n|[${lineEndClass}]`, 'g');

/** `str.splitlines()`: no empty part after a last line end. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const end of text.matchAll(lineEnd)) {
    const stop = end.index + end[0].length;
    lines.push(text.slice(start, keepEnds ? stop : end.index));
    start = stop;
  }
  if (start < text.length) {
    lines.push(text.slice(start));
  }
  return lines;
}

/** Whether `a` sorts before, with or after `b`: by code points, where JavaScript compares UTF-16 units. */
export function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  if (!hasAstral(a) && !hasAstral(b)) {
    return a < b ? -1 : 1;
  }
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return left.length - right.length;
}

/** `str.replace` with a limit; an empty `old` matches between all characters. */
export function replaceText(text: string, old: string, replacement: string, count: number): string {
  if (count < 0 && old !== '') {
    return text.includes(old) ? text.split(old).join(replacement) : text;
  }
  if (old !== '') {
    const parts = text.split(old);
    const rest = parts.splice(Math.min(count + 1, parts.length));
    return parts.join(replacement) + rest.map((part) => old + part).join('');
  }
  let left = count < 0 ? Infinity : count;
  let result = left-- > 0 ? replacement : '';
  for (const character of characters(text)) {
    result += character + (left-- > 0 ? replacement : '');
  }
  return result;
}
