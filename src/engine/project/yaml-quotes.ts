const quotedValue =
  /^(\s*(?:- +)*)(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s'"#[\]{},&*!|>%@`-][^#]*?)\s*: +)?(?:[&!]\S+ +)*(["'])/;
const blockScalar = /(?:^|[:-] +)(?:[&!]\S+ +)*[|>][-+\d]*\s*(?:#.*)?$/;

/**
 * PyYAML lets the lines of a quoted text stand anywhere, even left of its key, and a comment follow the closing quote at once; rendered
 * Jinja often leaves both. YAML does not, and neither does the library. This indents such lines and puts a blank before such comments,
 * which changes no text, as blanks around line ends are folded, and no line numbers.
 */
export function relaxQuotedTexts(text: string): string {
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
      i = relaxQuotedText(lines, i, match[0].length, match[2] as string, (match[1] as string).length + 1);
    }
  }
  return lines.join('\n');
}

/** Corrects the lines of one quoted text, whose quote opens before `start`; gives the line on which it closes. */
function relaxQuotedText(lines: string[], first: number, start: number, quote: string, indent: number): number {
  let position = start;
  for (let i = first; i < lines.length; i++) {
    let line = lines[i] as string;
    if (i > first && line.trim() !== '' && line.length - line.trimStart().length < indent) {
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
