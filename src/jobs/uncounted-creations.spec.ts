import { CREATIONS_PER_COUNT, UncountedCreations } from './uncounted-creations';

const client = (clientId: string) => ({ kind: 'client' as const, issuer: 'https://issuer.test', clientId });

/** How many are let through in a row. */
function takeAll(creations: UncountedCreations, clientId: string, nowMs: number): number {
  let taken = 0;
  while (creations.take(client(clientId), nowMs)) taken += 1;
  return taken;
}

describe('creations without a count', () => {
  it('are none before the first count', () => {
    expect(new UncountedCreations().take(client('a'), 0)).toBe(false);
  });

  it('are so many after each count, of that client alone', () => {
    const creations = new UncountedCreations();
    creations.grant(client('a'), 0, 1);
    expect(takeAll(creations, 'b', 2)).toBe(0);
    expect(takeAll(creations, 'a', 2)).toBe(CREATIONS_PER_COUNT);
    creations.grant(client('a'), 3, 4);
    expect(takeAll(creations, 'a', 5)).toBe(CREATIONS_PER_COUNT);
  });

  it('end a second after the count began', () => {
    const creations = new UncountedCreations();
    creations.grant(client('a'), 0, 500);
    expect(creations.take(client('a'), 999)).toBe(true);
    expect(creations.take(client('a'), 1_000)).toBe(false);
  });

  it('are those of a user, too, who is no client', () => {
    const creations = new UncountedCreations();
    creations.grant({ kind: 'user', userId: '7' }, 0, 1);
    expect(creations.take({ kind: 'user', userId: '8' }, 2)).toBe(false);
    expect(creations.take({ kind: 'user', userId: '7' }, 2)).toBe(true);
  });

  it('are as many for counts at the same time as for one', () => {
    const creations = new UncountedCreations();
    creations.grant(client('a'), 0, 10);
    expect(takeAll(creations, 'a', 11)).toBe(CREATIONS_PER_COUNT);
    creations.grant(client('a'), 9, 12);
    expect(takeAll(creations, 'a', 13)).toBe(0);
  });

  it('are forgotten of the client that was counted longest ago where there are too many', () => {
    const creations = new UncountedCreations();
    for (let index = 0; index < 1_001; index++) creations.grant(client(String(index)), index / 10_000, index / 10_000);
    expect(creations.take(client('0'), 1)).toBe(false);
    expect(creations.take(client('1'), 1)).toBe(true);
    expect(creations.take(client('1000'), 1)).toBe(true);
  });
});
