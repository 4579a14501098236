import { PyError, type Value } from './values';

/** No public bundle comes near these; they keep one expression from taking all memory before the process's limit ends it. */
export const limits = { textLength: 1 << 26, listLength: 1 << 22, intBits: 1 << 17 } as const;

/** The int, if it is not too large. @throws PyError */
export function checkedInt(value: bigint): bigint {
  const bound = 1n << BigInt(limits.intBits);
  if (value > bound || -value > bound) {
    throw new PyError('LimitError', `a number of more than ${limits.intBits} bits`);
  }
  return value;
}

/** The text, if it is not too long. @throws PyError */
export function checkedText(text: string): string {
  if (text.length > limits.textLength) {
    throw new PyError('LimitError', `a text of more than ${limits.textLength} characters`);
  }
  return text;
}

/** The list, if it is not too long. @throws PyError */
export function checkedList(items: Value[]): Value[] {
  if (items.length > limits.listLength) {
    throw new PyError('LimitError', `a list of more than ${limits.listLength} items`);
  }
  return items;
}
