import { inParallel } from './in-parallel';

const never = new AbortController().signal;

/** Resolves when the test says so. */
function gate(): { open: () => void; passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

describe('inParallel', () => {
  it('gives the results in the order of the items, whatever ends first', async () => {
    const { open, passed } = gate();
    const results = await inParallel([1, 2, 3], 3, never, async (item) => {
      if (item === 1) await passed;
      else open();
      return item * 10;
    });
    expect(results).toEqual([10, 20, 30]);
  });

  it('does no more at once than it has lanes', async () => {
    let running = 0;
    let most = 0;
    await inParallel(Array.from({ length: 20 }), 4, never, async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    });
    expect(most).toBe(4);
  });

  it('tells the others when one fails, waits for them, begins no more and throws the first error', async () => {
    const begun: number[] = [];
    let ended = false;
    const doing = inParallel([1, 2, 3, 4], 2, never, async (item, signal) => {
      begun.push(item);
      if (item === 1) throw new Error('first');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise(setImmediate);
      ended = true;
      throw new Error('second');
    });
    await expect(doing).rejects.toThrow('first');
    expect(ended).toBe(true);
    expect(begun).toEqual([1, 2]);
  });

  it('begins nothing once the caller has given up', async () => {
    const work = jest.fn();
    await expect(inParallel([1], 1, AbortSignal.abort(new Error('enough')), work)).rejects.toThrow('enough');
    expect(work).not.toHaveBeenCalled();
  });

  it('has nothing to do for no items', async () => {
    expect(await inParallel([], 4, never, () => Promise.reject(new Error('never')))).toEqual([]);
  });
});
