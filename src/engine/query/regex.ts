import { PyError, type Value } from '../python/values';

/** Where a pattern has to match a text. */
export type MatchPlace = 'anywhere' | 'start' | 'whole';

/** A test by a regular expression in Python's spelling. @throws PyError if it cannot be used */
export function regexTest(pattern: string, sensitive: Value | undefined, place: MatchPlace): (text: string) => boolean {
  const wrap = {
    anywhere: (body: string) => body,
    start: (body: string) => `^(?:${body})`,
    whole: (body: string) => `^(?:${body})$`,
  };
  const regex = compile(pattern, wrap[place], sensitive === false ? 'i' : '');
  return (text) => regex.test(text);
}

/** Replaces the first `count` places (all, if negative) of a text, or of a pattern with `\1` for its groups. */
export function replaceAll(pattern: string, replacement: string, count: Value, isRegex: boolean): (text: string) => string {
  const regex = compile(isRegex ? pattern : pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), (body) => body, 'g');
  const most = typeof count === 'number' && count >= 0 ? count : Infinity;
  return (text) => {
    let done = 0;
    return text.replace(regex, (whole: string, ...groups: unknown[]) =>
      done++ >= most ? whole : isRegex ? expand(replacement, whole, groups) : replacement,
    );
  };
}

function expand(replacement: string, whole: string, groups: readonly unknown[]): string {
  return replacement.replace(/\\(?:(\d)|g<(\d+)>)/g, (_, short?: string, long?: string) => {
    const index = Number(short ?? long);
    return index === 0 ? whole : String(groups[index - 1] ?? '');
  });
}

function compile(pattern: string, wrap: (body: string) => string, added: string): RegExp {
  const { body, flags } = translate(pattern);
  try {
    return new RegExp(wrap(body), [...new Set(flags + added)].join(''));
  } catch {
    throw new PyError('ValueError', `\`${body}\` is not a regular expression that can be used`);
  }
}

/** Python's spelling of what JavaScript writes differently. */
function translate(pattern: string): { body: string; flags: string } {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = pattern
    .slice(flags?.[0].length ?? 0)
    .replace(/\(\?P</g, '(?<')
    .replace(/\\A/g, '^')
    .replace(/\\Z/g, '$');
  return { body, flags: flags?.[1] ?? '' };
}
