import { whitespaceClass } from '../python/text';
import type { Position } from './errors';

/** A text with the place it comes from. `line` is the line of the file on which the text starts (default 1). */
export interface TemplateSource {
  readonly source: string;
  readonly file: string;
  readonly line?: number;
}

interface Piece {
  readonly text: string;
  readonly file: string;
  /** The line of the file on which the piece starts. */
  readonly line: number;
  readonly linearize: boolean;
}

interface Placed {
  readonly file: string;
  readonly line: number;
  /** Where the piece starts in the joined text. */
  readonly start: number;
  /** The offset in the piece's own text for an offset in what became of it. */
  readonly originalOffset: (offset: number) => number;
  readonly lineStarts: readonly number[];
}

/** The text that is compiled, put together of pieces of several files, and where each character of it came from. */
export class SourceText {
  readonly text: string;
  private readonly pieces: readonly Placed[];

  constructor(pieces: readonly Piece[]) {
    let text = '';
    this.pieces = pieces.map(({ text: raw, file, line, linearize }) => {
      const original = raw.replace(/\r\n?/g, '\n');
      const { collapsed, originalOffset } = linearize
        ? collapse(original)
        : { collapsed: original, originalOffset: (offset: number) => offset };
      const placed = { file, line, start: text.length, originalOffset, lineStarts: lineStarts(original) };
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
    const row = lastAtMost(piece.lineStarts, original);
    return { file: piece.file, line: piece.line + row, column: original - (piece.lineStarts[row] ?? 0) + 1 };
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
  return { collapsed, originalOffset: (offset) => offset + (shifts[lastAtMost(starts, offset)] ?? 0) };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

/** The index of the last of the ascending numbers that is not above `limit`. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
