/** The line of a file, from 1, for a line of what was made of it. */
export type LineMap = (line: number) => number;

// Unicode's noncharacters are for such uses: no file has them.
const open = '\ufdd0';
const close = '\ufdd1';
const marker = new RegExp(`${open}(\\d+)${close}`, 'g');

const tagStart = /\{[{%#]/g;
const tagPart = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|%\}|[{}]/g;
const rawStart = /^\{%[-+]?\s*raw\s*[-+]?%\}$/;
const rawEnd = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;

/**
 * The source with a marker in each of its lines that can be seen in what Jinja makes of it. Markers touch the first character of a line that
 * is no blank, or a `{{`, so that they are in no run of blanks that a tag with `-` takes away.
 */
export function markLines(source: string): string {
  return new LineMarker(source).mark();
}

/**
 * Where the lines of a rendered text came from: those of a loop's body, for instance, all from the same lines.
 *
 * @param marked what was rendered from the marked source. Where that is another text but for the markers (since a template looked at a text
 *   that has one), lines are taken to be the rendered text's own.
 */
export function lineMapOf(marked: string, rendered: string): LineMap {
  if (marked.replace(marker, '') !== rendered) {
    return (line) => line;
  }
  let last = 1;
  const lines = marked.split('\n').map((line) => {
    const [first] = line.matchAll(marker);
    // What a macro or an include has printed belongs to the line above.
    last = first === undefined ? last : Number(first[1]);
    return last;
  });
  return (line) => lines[line - 1] ?? last;
}

class LineMarker {
  private result = '';
  private line = 1;
  private isMarked = false;

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
    if (prints && !this.isMarked) {
      this.addMarker();
    }
    this.addPlain(text);
    if (!rawStart.test(text)) {
      return end;
    }
    rawEnd.lastIndex = end;
    const rest = rawEnd.exec(this.source)?.index ?? this.source.length;
    this.addText(this.source.slice(end, rest));
    return rest;
  }

  private addText(text: string): void {
    for (const character of text) {
      this.addPlain(character);
      if (!this.isMarked && character.trim() !== '') {
        this.addMarker();
      }
    }
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
