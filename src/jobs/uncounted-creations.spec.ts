import type { JobOwner } from './job-owner';
import { CREATIONS_PER_COUNT, UncountedCreations } from './uncounted-creations';

const client = (clientId: string): JobOwner => ({ kind: 'client', issuer: 'https://issuer.test', clientId });
const A = client('a');

describe('creations without a count', () => {
  let nowMs: number;
  let creations: UncountedCreations;
  /** The owners of the jobs that were counted for. */
  let counts: JobOwner[];
  beforeEach(() => {
    nowMs = 0;
    creations = new UncountedCreations(() => nowMs);
    counts = [];
  });

  /** Makes a job. @param count what counting takes and finds: null where the limit is near. */
  const create = (owner: JobOwner, count: () => Promise<'made' | null> = () => Promise.resolve('made')) =>
    creations.admit(owner, async ({ counts: isCounted }) => {
      if (!isCounted) return 'made';
      counts.push(owner);
      return count();
    });
  const createMany = (owner: JobOwner, times: number) => Promise.all(Array.from({ length: times }, () => create(owner)));
  async function createOneByOne(owner: JobOwner, times: number): Promise<void> {
    for (let index = 0; index < times; index++) await create(owner);
  }

  it('are so many after each count', async () => {
    await createOneByOne(A, 1 + CREATIONS_PER_COUNT);
    expect(counts).toHaveLength(1);
    await create(A);
    expect(counts).toHaveLength(2);
  });

  it('are as many for those that come at once: one counts, the others wait for it', async () => {
    expect(await createMany(A, 3 * (1 + CREATIONS_PER_COUNT))).toEqual(Array(3 * (1 + CREATIONS_PER_COUNT)).fill('made'));
    expect(counts).toHaveLength(3);
  });

  it('end a second after the count began', async () => {
    await create(A, () => {
      nowMs = 500;
      return Promise.resolve('made');
    });
    nowMs = 999;
    await create(A);
    expect(counts).toHaveLength(1);
    nowMs = 1_000;
    await create(A);
    expect(counts).toHaveLength(2);
  });

  it('are of that client or user alone', async () => {
    const [user, otherUser] = ['7', '8'].map((userId): JobOwner => ({ kind: 'user', userId }));
    for (const owner of [A, client('b'), user!, otherUser!]) {
      await createOneByOne(owner, 2);
      expect(counts.splice(0)).toEqual([owner]);
    }
  });

  it('are none near the limit: who waited for the count learns it, too, without a count', async () => {
    const near = () => Promise.resolve(null);
    expect(await Promise.all([create(A, near), create(A, near), create(A, near)])).toEqual([null, null, null]);
    expect(counts).toHaveLength(1);
  });

  it('do not wait for one another where a count fails', async () => {
    const failures: ((error: Error) => void)[] = [];
    const away = () => new Promise<never>((_, reject) => failures.push(reject));
    const created = Promise.allSettled([create(A, away), create(A, away), create(A, away)]);
    expect(failures).toHaveLength(1);
    failures[0]?.(new Error('away'));
    // Not until the second failed, too.
    for (let turn = 0; turn < 100 && failures.length < 3; turn++) await Promise.resolve();
    for (const fail of failures.slice(1)) fail(new Error('still away'));
    expect((await created).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('are forgotten of the client that was counted longest ago where there are too many', async () => {
    for (let index = 0; index < 1_001; index++) await create(client(String(index)));
    counts = [];
    for (const each of ['1000', '1', '0']) await create(client(each));
    expect(counts).toEqual([client('0')]);
  });
});
