const quotedValue =
  /^(\s*(?:- +)*)(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s'"#[\]{},&*!|>%@`-][^#]*?)\s*: +)?(?:[&!]\S+ +)*(["'])/;
const blockScalar = /(?:^|[:-] +)(?:[&!]\S+ +)*[|>][-+]?(\d?)[-+]?\s*(?:#.*)?$/;

/**
 * PyYAML lets the lines of a quoted text stand anywhere, even left of its key, a comment follow the closing quote at once, and blanks be on
 * the empty lines of a block scalar before its text or instead of it; rendered Jinja often leaves all three. YAML does not, and neither does
 * the library. This indents such lines, puts a blank before such comments and takes such blanks away, which changes no text, as blanks
 * around line ends are folded, and no line numbers.
 */
export function relaxScalars(text: string): string {
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const block = blockScalar.exec(line);
    if (block !== null) {
      i = relaxBlockScalar(lines, i, block[1] !== '');
      continue;
    }
    const match = quotedValue.exec(line);
    if (match !== null) {
      i = relaxQuotedText(lines, i, match[0].length, match[2] as string, (match[1] as string).length + 1);
    }
  }
  return lines.join('\n');
}

/** Empties the blank lines before a block scalar's first line of text; gives its last line. */
function relaxBlockScalar(lines: string[], header: number, isIndentGiven: boolean): number {
  const indent = indentOf(lines[header] as string);
  let hasText = isIndentGiven;
  let last = header;
  for (let i = header + 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() === '') {
      lines[i] = hasText ? line : line.trimStart();
    } else if (indentOf(line) <= indent) {
      break;
    } else {
      hasText = true;
    }
    last = i;
  }
  return last;
}

/** Corrects the lines of one quoted text, whose quote opens before `start`; gives the line on which it closes. */
function relaxQuotedText(lines: string[], first: number, start: number, quote: string, indent: number): number {
  let position = start;
  for (let i = first; i < lines.length; i++) {
    let line = lines[i] as string;
    if (i > first && line.trim() !== '' && indentOf(line) < indent) {
      line = ' '.repeat(indent) + line.trimStart();
      lines[i] = line;
    }
    const end = closingQuote(line, position, quote);
    if (end !== undefined) {
      if (line[end + 1] === '#') {
        lines[i] = `${line.slice(0, end + 1)} ${line.slice(end + 1)}`;
      }
      return i;
    }
    position = 0;
  }
  return first;
}

function closingQuote(line: string, start: number, quote: string): number | undefined {
  for (let i = start; i < line.length; i++) {
    if (quote === '"' && line[i] === '\\') {
      i++;
    } else if (line[i] === quote) {
      if (quote === '"' || line[i + 1] !== quote) {
        return i;
      }
      i++;
    }
  }
  return undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
