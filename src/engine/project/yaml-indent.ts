const quotedValue =
  /^(\s*(?:- +)*)(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s'"#[\]{},&*!|>%@`-][^#]*?)\s*: +)?(?:[&!]\S+ +)*(["'])/;
const blockScalar = /(?:^|[:-] +)(?:[&!]\S+ +)*[|>][-+\d]*\s*(?:#.*)?$/;

/**
 * PyYAML lets the lines of a quoted text stand anywhere, even left of its key, and rendered Jinja often leaves the closing quote there;
 * YAML does not, and neither does the library. This indents such lines, which changes nothing in the text, as blanks around line ends
 * are folded, and no line numbers.
 */
export function indentQuotedLines(text: string): string {
  const lines = text.split('\n');
  let block: number | undefined;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const indent = line.length - line.trimStart().length;
    if (block !== undefined && (line.trim() === '' || indent > block)) {
      continue;
    }
    block = blockScalar.test(line) ? indent : undefined;
    const match = quotedValue.exec(line);
    if (match !== null) {
      i = indentScalar(lines, i, match[0].length, match[2] as string, (match[1] as string).length + 1);
    }
  }
  return lines.join('\n');
}

/** Indents the lines of one quoted text, whose quote opens before `start`; gives the line on which it closes. */
function indentScalar(lines: string[], first: number, start: number, quote: string, indent: number): number {
  let position = start;
  for (let i = first; i < lines.length; i++) {
    const line = lines[i] as string;
    if (i > first && line.trim() !== '' && line.length - line.trimStart().length < indent) {
      lines[i] = ' '.repeat(indent) + line.trimStart();
    }
    if (closes(line, position, quote)) {
      return i;
    }
    position = 0;
  }
  return first;
}

function closes(line: string, start: number, quote: string): boolean {
  for (let i = start; i < line.length; i++) {
    if (quote === '"' && line[i] === '\\') {
      i++;
    } else if (line[i] === quote) {
      if (quote === '"' || line[i + 1] !== quote) {
        return true;
      }
      i++;
    }
  }
  return false;
}
