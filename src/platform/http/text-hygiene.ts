import { pointerToken, type ProblemDetail } from '../problem/problem';

/** A legitimate body is three deep; more only serves to exhaust somebody. */
export const MAX_DEPTH = 32;

/**
 * Finds what no field of ours may hold, wherever it is: a NUL (Postgres cannot store one), a lone surrogate (not a character
 * at all), and nesting over `MAX_DEPTH`. Not recursive, so that depth cannot exhaust the stack.
 */
export function findUnsafeText(body: unknown): ProblemDetail[] {
  const faults: ProblemDetail[] = [];
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: body, pointer: '', depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (typeof value === 'string') {
      if (!isSafe(value)) faults.push({ pointer, code: 'invalid_request', detail: 'has a NUL or a lone surrogate' });
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) return [{ pointer: '', code: 'invalid_request', detail: `is nested deeper than ${MAX_DEPTH}` }];
      for (const [key, child] of Object.entries(value)) {
        if (isSafe(key)) open.push({ value: child, pointer: `${pointer}/${pointerToken(key)}`, depth: depth + 1 });
        else faults.push({ pointer, code: 'invalid_request', detail: 'has a key with a NUL or a lone surrogate' });
      }
    }
  }
  return faults;
}

const isSafe = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
