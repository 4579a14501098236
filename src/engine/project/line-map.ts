/** The line of a file, from 1, for a line of what was made of it. */
export type LineMap = (line: number) => number;

// Unicode's noncharacters are for such uses: no file has them.
const open = '\ufdd0';
const close = '\ufdd1';
const marker = new RegExp(`${open}\\d+${close}`, 'g');

const tagStart = /\{[{%#]/g;
const tagPart = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|%\}|[{}]/g;
const rawStart = /^\{%[-+]?\s*raw\s*[-+]?%\}$/;
const rawEnd = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;

// What is printed inside of these is a text that a template can look at before it is printed.
const captureStart = /^\{%[-+]?\s*(?:macro|call|filter|block|set(?!\s[^=%|]*=))\b/;
const captureEnd = /^\{%[-+]?\s*end(?:macro|call|filter|block|set)\b/;
const recursiveLoop = /^\{%[-+]?\s*for\b[\s\S]*\brecursive\s*[-+]?%\}$/;

/**
 * The source with a marker in each of its lines that can be seen in what Jinja makes of it, which is otherwise the same. Markers touch the
 * first character of a line that is no blank, or a `{{`, so that they are in no run of blanks that a tag with `-` takes away, and there are
 * none where a template could look at them.
 */
export function markLines(source: string): string {
  return new LineMarker(source).mark();
}

/** What was rendered from a marked source, without the markers, and where its lines came from: those of a loop's body all from the same. */
export function readMarks(marked: string): { rendered: string; lineOf: LineMap } {
  let last = 1;
  const lines = marked.split('\n').map((line) => {
    const start = line.indexOf(open);
    // What a macro or an include has printed belongs to the line above.
    last = start === -1 ? last : Number(line.slice(start + 1, line.indexOf(close, start)));
    return last;
  });
  return { rendered: marked.replace(marker, ''), lineOf: (line) => lines[line - 1] ?? last };
}

class LineMarker {
  private result = '';
  private line = 1;
  private isMarked = false;
  /** How many captures are open. */
  private captures = 0;

  constructor(private readonly source: string) {}

  mark(): string {
    let position = 0;
    while (position < this.source.length) {
      tagStart.lastIndex = position;
      const start = tagStart.exec(this.source)?.index ?? this.source.length;
      this.addText(this.source.slice(position, start));
      position = this.addTag(start);
    }
    return this.result;
  }

  /** @returns where the tag at `start` ends, after a raw block's text if it opens one */
  private addTag(start: number): number {
    const end = tagEnd(this.source, start);
    if (end === undefined) {
      // The rendering says what is wrong with it.
      this.addPlain(this.source.slice(start));
      return this.source.length;
    }
    const text = this.source.slice(start, end);
    const prints = text.startsWith('{{') && text[2] !== '-';
    if (prints) {
      this.addMarker();
    }
    this.addPlain(text);
    this.countCapture(text);
    if (!rawStart.test(text)) {
      return end;
    }
    rawEnd.lastIndex = end;
    const rest = rawEnd.exec(this.source)?.index ?? this.source.length;
    this.addText(this.source.slice(end, rest));
    return rest;
  }

  private countCapture(tag: string): void {
    if (captureStart.test(tag)) {
      this.captures++;
    } else if (captureEnd.test(tag)) {
      this.captures--;
    } else if (recursiveLoop.test(tag)) {
      this.captures = Infinity;
    }
  }

  private addText(text: string): void {
    text.split('\n').forEach((line, index) => {
      const start = line.search(/\S/);
      this.addPlain(`${index === 0 ? '' : '\n'}${line.slice(0, start + 1)}`);
      if (start !== -1) {
        this.addMarker();
      }
      this.addPlain(line.slice(start + 1));
    });
  }

  private addPlain(text: string): void {
    this.result += text;
    const newlines = text.split('\n').length - 1;
    if (newlines > 0) {
      this.line += newlines;
      this.isMarked = false;
    }
  }

  private addMarker(): void {
    if (this.isMarked || this.captures > 0) {
      return;
    }
    this.result += `${open}${this.line}${close}`;
    this.isMarked = true;
  }
}

/** Where a tag ends; undefined if it does not. In `{{` the braces of dicts are paired. */
function tagEnd(source: string, start: number): number | undefined {
  if (source[start + 1] === '#') {
    const end = source.indexOf('#}', start + 2);
    return end === -1 ? undefined : end + 2;
  }
  const isBlock = source[start + 1] === '%';
  let depth = 0;
  tagPart.lastIndex = start + 2;
  for (let part = tagPart.exec(source); part !== null; part = tagPart.exec(source)) {
    const [text] = part;
    if (isBlock && text === '%}') {
      return tagPart.lastIndex;
    }
    if (!isBlock && text === '}' && depth === 0 && source[tagPart.lastIndex] === '}') {
      return tagPart.lastIndex + 1;
    }
    depth += text === '{' ? 1 : text === '}' || text === '%}' ? -1 : 0;
  }
  return undefined;
}
