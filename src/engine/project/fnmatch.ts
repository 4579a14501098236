const cache = new Map<string, RegExp>();

/** Whether a column's name matches a shell pattern (`*`, `?`, `[a-z]`, `[!x]`), by the rules of Python's `fnmatch` on a case-sensitive system. */
export function fnmatch(name: string, pattern: string): boolean {
  let regex = cache.get(pattern);
  if (regex === undefined) {
    regex = new RegExp(`^(?:${translate(pattern)})$`, 'su');
    cache.set(pattern, regex);
  }
  return regex.test(name);
}

function translate(pattern: string): string {
  const chars = [...pattern];
  let result = '';
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === '*') {
      result += '.*';
    } else if (char === '?') {
      result += '.';
    } else if (char === '[') {
      const end = endOfSet(chars, i + 1);
      if (end === -1) {
        result += '\\[';
      } else {
        result += translateSet(chars.slice(i + 1, end));
        i = end;
      }
    } else {
      result += escape(char);
    }
  }
  return result;
}

/** The closing bracket of a set; one directly after `[` or `[!` is a member. */
function endOfSet(chars: readonly string[], start: number): number {
  let from = start;
  if (chars[from] === '!') {
    from++;
  }
  if (chars[from] === ']') {
    from++;
  }
  return chars.indexOf(']', from);
}

function translateSet(members: readonly string[]): string {
  const negated = members[0] === '!';
  const rest = negated ? members.slice(1) : members;
  const parts: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const from = rest[i] as string;
    const to = rest[i + 2];
    if (rest[i + 1] === '-' && to !== undefined) {
      // A range that runs backwards is empty in Python and an error in a regular expression.
      if ((from.codePointAt(0) as number) <= (to.codePointAt(0) as number)) {
        parts.push(`${escapeMember(from)}-${escapeMember(to)}`);
      }
      i += 2;
    } else {
      parts.push(escapeMember(from));
    }
  }
  if (parts.length === 0) {
    return negated ? '.' : '(?!)';
  }
  return `[${negated ? '^' : ''}${parts.join('')}]`;
}

function escape(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

function escapeMember(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}
