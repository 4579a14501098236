import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PyDict, pyFloat, type Value } from '../python/values';
import { HeldColumn } from './held-column';
import { HeldMemory } from './held-memory';
import { KeyIndex } from './key-index';

const account = () => new HeldMemory(Infinity).account({});

function held(values: readonly Value[]): HeldColumn {
  const column = new HeldColumn(account());
  values.forEach((value) => column.add(value));
  return column;
}

const times = (count: number, value: (index: number) => Value): Value[] => Array.from({ length: count }, (_, i) => value(i));
const list = [1, 'x'];

describe('a held column', () => {
  it.each<[string, Value[]]>([
    ['no values', []],
    ['one long text', ['a text that is long enough to be a window']],
    ['values that repeat', times(5_000, (i) => ['', 'x', 'é', '日本', null, NaN, true, 1, 2.5, 12n ** 30n][i % 10] as Value)],
    ['texts that hardly repeat', times(9_000, (i) => `text ${i >> 1}`)],
    ['texts of more than Latin-1', times(9_000, (i) => `文 ${i}`)],
    ['long texts', times(2_100, (i) => `${i} ${'x'.repeat(100)}`)],
    ['empty and other texts', times(9_000, (i) => (i % 2 === 0 ? '' : String(i)))],
    ['numbers', times(9_000, (i) => i * 3)],
    ['texts and missing values', times(9_000, (i) => (i % 3 === 0 ? NaN : `text ${i}`))],
    ['lists and dicts', times(1_500, (i) => (i % 2 === 0 ? list : PyDict.fromEntries([['a', i]])))],
    ['floats that look like ints', times(1_500, (i) => pyFloat(i % 3))],
    ['more different values than two bytes number', times(200_000, (i) => String(i % 70_000))],
  ])('gives back %s, packed or not', (_, values) => {
    const column = held(values);
    expect(times(values.length, (i) => column.get(i))).toEqual(values);
    column.seal();
    expect(times(values.length, (i) => column.get(i))).toEqual(values);
    expect(column.length).toBe(values.length);
  });

  it('takes two bytes for a value that repeats, and a few more than its characters for another', () => {
    const bytesOf = (values: readonly Value[]): number => {
      let bytes = 0;
      const spied = account();
      jest.spyOn(spied, 'hold').mockImplementation((holding) => (bytes += holding.bytes));
      const column = new HeldColumn(spied);
      values.forEach((value) => column.add(value));
      column.seal();
      return bytes;
    };
    expect(bytesOf(times(100_000, (i) => `school ${i % 600}`)) / 100_000).toBeLessThan(3);
    expect(bytesOf(times(100_000, (i) => `student ${100_000 + i}`)) / 100_000).toBeLessThan(14 + 6);
  });
});

describe('what is held', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;

  /** What is alive. One collection is not enough: what was weakly held, as by the tests before, goes with a later one. */
  async function heapBytes(): Promise<number> {
    let bytes = Infinity;
    for (let freed = Infinity; freed > 1e5;) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      const now = process.memoryUsage().heapUsed;
      freed = bytes - now;
      bytes = now;
    }
    return bytes;
  }

  /**
   * The bytes that 64 values cut out of pieces of a file, of 32 MB in all, keep alive. The median of three rounds, for the process has
   * other things in hand that may come or go.
   *
   * @param holder gives what is to hold the values.
   */
  async function bytesKept(holder: () => { hold(value: string): void }): Promise<number> {
    const kept: unknown[] = [];
    const rounds: number[] = [];
    for (let round = 0; round < 3; round++) {
      const before = await heapBytes();
      const held = holder();
      kept.push(held);
      for (let i = 0; i < 64; i++)
        held.hold(
          Buffer.alloc(1 << 19, `piece ${i} `)
            .toString('latin1')
            .slice(0, 40),
        );
      rounds.push((await heapBytes()) - before);
    }
    expect(kept).toHaveLength(3);
    return rounds.sort((x, y) => x - y)[1] as number;
  }

  it('keeps none of the pieces of the file that it was cut from', async () => {
    const windows = await bytesKept(() => {
      const values: string[] = [];
      return { hold: (value) => void values.push(value), values };
    });
    expect(windows).toBeGreaterThan(30e6);
    const held = await bytesKept(() => {
      const column = new HeldColumn(account());
      const keys = new KeyIndex(account());
      return {
        column,
        hold: (value) => {
          column.add(value);
          // As the values of a file do, others follow.
          times(1_100, () => '').forEach((other) => column.add(other));
          keys.add(value);
          keys.add(`${value}${value}`);
        },
      };
    });
    expect(held).toBeLessThan(4e6);
  });
});
