import { ordered } from './compare';
import { pyRepr } from './print';
import { PyDict, PyTuple, type Value } from './values';

/** `pprint.pformat`'s default. */
const lineWidth = 80;
/** Deeper values print on one line; it also ends lists that contain themselves. */
const maxDepth = 100;

/** Python's `pprint.pformat(value)` for lists, tuples and dicts: on one line if it fits, else an item a line, keys sorted. */
export function prettyPrint(value: Value): string {
  return layOut(value, 0, 0, 0);
}

/** @param allowance columns to keep free for what closes the brackets around. */
function layOut(value: Value, indent: number, allowance: number, depth: number): string {
  const line = pyRepr(value instanceof PyDict ? sorted(value) : value);
  if (line.length <= lineWidth - indent - allowance || depth > maxDepth) {
    return line;
  }
  if (value instanceof PyDict) {
    const entries = Array.from(sorted(value).entries());
    const lines = entries.map(([key, item], i) => {
      const start = `${pyRepr(key)}: `;
      return start + layOut(item, indent + 1 + start.length, i === entries.length - 1 ? allowance + 1 : 1, depth + 1);
    });
    return `{${lines.join(`,\n${' '.repeat(indent + 1)}`)}}`;
  }
  if (Array.isArray(value) || value instanceof PyTuple) {
    const items = Array.isArray(value) ? value : value.items;
    const lines = items.map((item, i) => layOut(item, indent + 1, i === items.length - 1 ? allowance + 1 : 1, depth + 1));
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['(', items.length === 1 ? ',)' : ')'];
    return open + lines.join(`,\n${' '.repeat(indent + 1)}`) + close;
  }
  return line;
}

function sorted(dict: PyDict): PyDict {
  const entries = Array.from(dict.entries());
  const allText = entries.every(([key]) => typeof key === 'string');
  return allText ? PyDict.fromEntries(entries.sort(([a], [b]) => (ordered('<', a, b) ? -1 : 1))) : dict;
}
