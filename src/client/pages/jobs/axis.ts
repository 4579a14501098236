/** The top of an axis that holds the value: an even number that reads well, so that its half is a whole number too. */
export function axisTop(value: number): number {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 6, 8, 10].find((candidate) => candidate * power >= value) ?? 10;
  return Math.ceil((factor * power) / 2) * 2;
}
