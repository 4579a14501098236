import type { LineStart } from '../jinja';

/** The lines of a text, by where they start. */
export class Lines {
  private readonly starts = [0];

  constructor(private readonly text: string) {
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
      this.starts.push(end + 1);
    }
  }

  /** The line, from 1, that a position is on. */
  at(position: number): number {
    let [low, high] = [0, this.starts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] as number) <= position) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low + 1;
  }

  /**
   * Where in a scalar's value each line of the text between two positions starts: YAML folds line ends, takes indentation away and knows
   * escapes. A line that is not found, because of an escape in it, counts to the one before.
   */
  within(value: string, start: number, end: number): LineStart[] {
    const found: LineStart[] = [];
    const first = this.at(start);
    let offset = 0;
    this.text
      .slice(start, end)
      .split('\n')
      .forEach((line, index) => {
        const content = line.trim();
        const at = value.indexOf(content, offset);
        if (content !== '' && (at !== -1 || index === 0)) {
          found.push({ offset: found.length === 0 ? 0 : at, line: first + index });
          offset = at === -1 ? 0 : at + content.length;
        }
      });
    return found;
  }
}
