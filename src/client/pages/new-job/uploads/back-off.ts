const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * How long to wait, in ms, after so many failures in a row (1 and more): doubling, with a quarter of chance so that the browsers that a
 * fault has cut off do not come back at once.
 *
 * @param random from 0 to 1
 */
export function backOff(failures: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(longest * (1 - random / 4));
}
