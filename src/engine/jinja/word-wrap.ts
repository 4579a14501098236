import { PyError } from '../python/values';
import { characters, length } from '../python/text';

export interface WrapOptions {
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

/** Python's `textwrap` cuts at ASCII white space only, and after hyphens inside of words and around dashes. */
const hyphenChunks =
  /[\t\n\v\f\r ]+|(?<=[\p{L}\p{N}_!"'&.,?])-{2,}(?=[\p{L}\p{N}_])|[^\t\n\v\f\r ]+?(?:-(?:(?<=[\p{L}_]{2}-)|(?<=[\p{L}_]-[\p{L}_]-))(?=[\p{L}_]-?[\p{L}_])|(?=[\t\n\v\f\r ]|$)|(?<=[\p{L}\p{N}_!"'&.,?])(?=-{2,}[\p{L}\p{N}_]))/gu;
const plainChunks = /[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+/g;

/** The lines of `textwrap.wrap(text, …)` with tabs and white space kept, as the filter `wordwrap` calls it. @throws PyError */
export function wrapText(text: string, options: WrapOptions): string[] {
  if (options.width <= 0) {
    throw new PyError('ValueError', `invalid width ${options.width} (must be > 0)`);
  }
  const chunks = text.match(options.breakOnHyphens ? hyphenChunks : plainChunks) ?? [];
  const queue = chunks.reverse();
  const lines: string[] = [];
  while (queue.length > 0) {
    const line = takeLine(queue, options, lines.length > 0);
    if (line !== '') {
      lines.push(line);
    }
  }
  return lines;
}

function takeLine(queue: string[], options: WrapOptions, dropLeading: boolean): string {
  const line: string[] = [];
  let used = 0;
  if (dropLeading && queue.at(-1)?.trim() === '') {
    queue.pop();
  }
  for (let chunk = queue.at(-1); chunk !== undefined && used + length(chunk) <= options.width; chunk = queue.at(-1)) {
    line.push(chunk);
    used += length(chunk);
    queue.pop();
  }
  const long = queue.at(-1);
  if (long !== undefined && length(long) > options.width) {
    takeLongChunk(queue, line, used, options);
  }
  if (line.at(-1)?.trim() === '') {
    line.pop();
  }
  return line.join('');
}

/** A chunk wider than a line: cut where the line is full, at a hyphen if one is near, or alone on its line if it must not be cut. */
function takeLongChunk(queue: string[], line: string[], used: number, options: WrapOptions): void {
  const chunk = queue.pop() ?? '';
  if (!options.breakLongWords) {
    if (line.length > 0) {
      queue.push(chunk);
    } else {
      line.push(chunk);
    }
    return;
  }
  const units = characters(chunk);
  const room = options.width - used;
  const hyphen = units.lastIndexOf('-', room - 1);
  const end = options.breakOnHyphens && hyphen > 0 && units.slice(0, hyphen).some((unit) => unit !== '-') ? hyphen + 1 : room;
  line.push(units.slice(0, end).join(''));
  const rest = units.slice(end).join('');
  if (rest !== '') {
    queue.push(rest);
  }
}
