import { axisTop } from './axis';

describe("the chart's axis", () => {
  it.each([
    [0, 4],
    [3, 4],
    [5, 6],
    [9, 10],
    [11, 20],
    [41, 60],
    [99, 100],
    [1234, 2000],
  ])('ends for %d at %d', (value, top) => {
    expect(axisTop(value)).toBe(top);
  });

  it('holds every value, and has a whole number in its middle', () => {
    for (let value = 0; value < 3000; value++) {
      expect(axisTop(value)).toBeGreaterThanOrEqual(value);
      expect(Number.isInteger(axisTop(value) / 2)).toBe(true);
    }
  });
});
