/** V8 makes a cut of this length or more a window on the text it was cut from; shorter ones are copies. */
const shortestWindow = 13;

/**
 * The same text in memory of its own, for whoever keeps it longer than a batch. A value of an input is a window on a piece of the
 * file, and a text that was put together a chain of its parts: keeping it keeps those, a quarter of a megabyte for a few characters.
 */
export function flatText(text: string): string {
  // Joining always makes a new text, unless there is but one part.
  return text.length < shortestWindow ? text : [text.slice(0, 1), text.slice(1)].join('');
}
