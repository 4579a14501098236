import { BundleError } from '../errors';
import { HeldMemory, holdableBytes } from './held-memory';

const place = { file: 'earthmover.yaml', line: 7, node: '$transformations.t', operation: 'sort_rows (2)' };

function failureOf(run: () => void): BundleError {
  try {
    run();
  } catch (error) {
    if (error instanceof BundleError) {
      return error;
    }
  }
  throw new Error('nothing was refused');
}

describe('held memory', () => {
  it('refuses what is over the limit and says where, how much, and what to do', () => {
    const account = new HeldMemory(20 * 2 ** 20).account(place);
    account.hold({ rows: 1_234_567, bytes: 20 * 2 ** 20 });
    const error = failureOf(() => account.hold({ rows: 1, bytes: 1 }));
    expect(error).toMatchObject({ code: 'too_much_to_hold', ...place });
    expect(error.detail).toMatch(
      /may hold 20 MB .*the operation alone holds 1,234,568 rows \(20 MB\); split the input .*RUN_MEMORY_MB/,
    );
  });

  it('blames who holds most, not who asked last', () => {
    const memory = new HeldMemory(1_000);
    memory.account(place, 'its table `$sources.a`').hold({ rows: 10, keys: 5, bytes: 900 });
    const error = failureOf(() => memory.account({ node: '$transformations.u' }).hold({ bytes: 101 }));
    expect(error).toMatchObject(place);
    expect(error.detail).toContain('its table `$sources.a` alone holds 10 rows and 5 keys');
  });

  it('takes back what is released', () => {
    const memory = new HeldMemory(1_000);
    const account = memory.account(place);
    account.hold({ rows: 1, bytes: 900 });
    account.release();
    memory.account(place).hold({ bytes: 1_000 });
    expect(() => account.hold({ bytes: 1 })).toThrow(BundleError);
  });

  it('leaves room for the program', () => {
    expect(holdableBytes(2 ** 20)).toBe(0);
    expect(holdableBytes(64 * 2 ** 20)).toBeLessThan(32 * 2 ** 20);
    expect(holdableBytes(512 * 2 ** 20)).toBeGreaterThan(256 * 2 ** 20);
  });
});
