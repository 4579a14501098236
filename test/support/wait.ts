import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Waits until `condition` gives something truthy, and returns that. A condition that throws is one that does not hold yet. The deadline
 * is no expectation of how soon it holds: on a busy machine a start of a process or a query may take seconds.
 *
 * @throws Error after `deadlineMs`, with the condition's last result or error
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 60_000 }: { deadlineMs?: number } = {},
): Promise<Exclude<T, undefined | null | false | 0 | ''>> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    let last: { value: T } | { error: unknown };
    try {
      last = { value: await condition() };
    } catch (error) {
      last = { error };
    }
    if ('value' in last && last.value) return last.value as Exclude<T, undefined | null | false | 0 | ''>;
    if (Date.now() >= deadline) {
      const seen = 'error' in last ? String(last.error) : JSON.stringify(last.value);
      throw new Error(
        `not so within ${deadlineMs} ms: ${condition.toString()} (last: ${seen})`,
        'error' in last ? { cause: last.error } : {},
      );
    }
    await delay(POLL_MS);
  }
}
