import { backOff } from './back-off';

it.each([
  [1, 0, 1_000],
  [1, 1, 750],
  [2, 0, 2_000],
  [5, 0, 16_000],
  [6, 0, 30_000],
  [100, 1, 22_500],
])('after %i failures, with chance %f, it waits %i ms', (failures, random, expected) => {
  expect(backOff(failures, random)).toBe(expected);
});
