import { whitespaceClass } from '../python/text';
import type { Position } from './errors';

/** Where in a text a line of its file begins. */
export interface LineStart {
  readonly offset: number;
  readonly line: number;
}

/** A text with the place it comes from. */
export interface TemplateSource {
  readonly source: string;
  readonly file: string;
  /** The line of the file on which the text starts (default 1). */
  readonly line?: number | undefined;
  /** Where the file's lines are in the text, in order, if they are not the text's own: YAML can fold them. */
  readonly lines?: readonly LineStart[] | undefined;
}

interface Piece extends TemplateSource {
  readonly linearize: boolean;
}

interface Placed {
  readonly file: string;
  /** Where the piece starts in the joined text. */
  readonly start: number;
  /** The offset in the piece's own text for an offset in what became of it. */
  readonly originalOffset: (offset: number) => number;
  readonly lines: readonly LineStart[];
}

/** The text that is compiled, put together of pieces of several files, and where each character of it came from. */
export class SourceText {
  readonly text: string;
  private readonly pieces: readonly Placed[];

  constructor(pieces: readonly Piece[]) {
    let text = '';
    this.pieces = pieces.map(({ source, file, line = 1, lines, linearize }) => {
      const original = source.replace(/\r\n?/g, '\n');
      const { collapsed, originalOffset } = linearize
        ? collapse(original)
        : { collapsed: original, originalOffset: (offset: number) => offset };
      const placed = { file, start: text.length, originalOffset, lines: lines ?? linesOf(original, line) };
      text += collapsed;
      return placed;
    });
    // As Jinja with keep_trailing_newline off.
    this.text = text.endsWith('\n') ? text.slice(0, -1) : text;
  }

  positionAt(offset: number): Position {
    const piece = this.pieces.findLast(({ start }) => start <= offset) ?? this.pieces[0];
    if (!piece) {
      return { file: '', line: 1, column: 1 };
    }
    const original = piece.originalOffset(offset - piece.start);
    const row = lastAtMost(piece.lines, original, ({ offset }) => offset);
    const { offset: start, line } = piece.lines[row] ?? { offset: 0, line: 1 };
    return { file: piece.file, line, column: original - start + 1 };
  }
}

const spaceRun = new RegExp(`[${whitespaceClass}]+`, 'g');

/** Every run of white space as one blank, as `linearize` asks. */
function collapse(text: string): { collapsed: string; originalOffset: (offset: number) => number } {
  let collapsed = '';
  let at = 0;
  const starts = [0];
  const shifts = [0];
  for (const run of text.matchAll(spaceRun)) {
    const end = run.index + run[0].length;
    collapsed += `${text.slice(at, run.index)} `;
    at = end;
    starts.push(collapsed.length);
    shifts.push(end - collapsed.length);
  }
  collapsed += text.slice(at);
  return { collapsed, originalOffset: (offset) => offset + (shifts[lastAtMost(starts, offset, (start) => start)] ?? 0) };
}

function linesOf(text: string, first: number): LineStart[] {
  const lines = [{ offset: 0, line: first }];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lines.push({ offset: at + 1, line: first + lines.length });
  }
  return lines;
}

/** The index of the last of the items, ascending by a number, whose number is not above `limit`. */
function lastAtMost<T>(items: readonly T[], limit: number, numberOf: (item: T) => number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numberOf(items[middle] as T) <= limit) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
