import { Logger } from '@nestjs/common';
import { generateKeyPairSync } from 'node:crypto';
import { ManualClock } from '../../../test/support/manual-clock';
import { IssuerKeys } from './issuer-keys';
import { KeySet } from './key-set';

const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const newKeys = () => KeySet.from({ keys: [publicKey] });

/** An issuer whose every fetch the test answers; `fetches` counts them. */
function setUp(settings: { jwksCacheSeconds?: number; jwksMaxStaleSeconds?: number } = {}) {
  const clock = new ManualClock();
  const issuer = { fetches: 0, answer: (): Promise<KeySet> => Promise.resolve(newKeys()) };
  const down = () => Promise.reject(new Error('down'));
  const fetchKeys = () => {
    issuer.fetches += 1;
    return issuer.answer();
  };
  const keys = new IssuerKeys(fetchKeys, { jwksCacheSeconds: 600, jwksMaxStaleSeconds: 86_400, ...settings }, clock);
  return {
    clock,
    issuer,
    keys,
    goDown: () => (issuer.answer = down),
    comeUp: () => (issuer.answer = () => Promise.resolve(newKeys())),
  };
}

/** A promise that the test settles. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

beforeAll(() => Logger.overrideLogger(false));
afterEach(() => jest.useRealTimers());

describe('with the issuer there', () => {
  it('asks nothing before the first token', () => {
    const { issuer, keys } = setUp();
    expect([issuer.fetches, keys.state]).toEqual([0, 'not_asked']);
  });

  it('asks once for as long as the keys are cached', async () => {
    const { clock, issuer, keys } = setUp();
    const first = await keys.current();
    clock.advance(599);
    expect(await keys.current()).toEqual(first);
    expect(issuer.fetches).toBe(1);
  });

  it('has new keys before it answers once the cached ones expired, so that a withdrawn key ends', async () => {
    const { clock, issuer, keys } = setUp();
    const first = await keys.current();
    clock.advance(600);
    const second = await keys.current();
    expect(second.kind).toBe('found');
    expect(second).not.toEqual(first);
    expect(issuer.fetches).toBe(2);
  });

  it('shares one fetch among requests that wait for it', async () => {
    const { issuer, keys } = setUp();
    const answer = deferred<KeySet>();
    issuer.answer = () => answer.promise;
    const lookups = Promise.all([keys.current(), keys.current(), keys.refetched()]);
    answer.resolve(newKeys());
    expect((await lookups).map(({ kind }) => kind)).toEqual(['found', 'found', 'found']);
    expect(issuer.fetches).toBe(1);
  });
});

describe('for a key that is not among the current ones', () => {
  it('does not ask again within 30 s of an answer', async () => {
    const { clock, issuer, keys } = setUp();
    const current = await keys.current();
    clock.advance(29);
    expect(await keys.refetched()).toEqual(current);
    expect(issuer.fetches).toBe(1);
  });

  it('asks once in 30 s, however many tokens come', async () => {
    const { clock, issuer, keys } = setUp();
    await keys.current();
    for (let second = 0; second < 90; second++) {
      clock.advance(1);
      await Promise.all(Array.from({ length: 10 }, () => keys.refetched()));
    }
    expect(issuer.fetches).toBe(4);
  });

  it('is unavailable where the issuer cannot be asked, which is tried once in 30 s', async () => {
    const { clock, issuer, keys, goDown } = setUp();
    await keys.current();
    clock.advance(40);
    goDown();
    expect(await keys.refetched()).toEqual({ kind: 'unavailable', retryAfterSeconds: 30 });
    clock.advance(10.5);
    expect(await keys.refetched()).toEqual({ kind: 'unavailable', retryAfterSeconds: 20 });
    expect(issuer.fetches).toBe(2);
    clock.advance(19.5);
    await keys.refetched();
    expect(issuer.fetches).toBe(3);
  });

  it('finds it after the outage', async () => {
    const { clock, keys, goDown, comeUp } = setUp();
    const before = await keys.current();
    clock.advance(40);
    goDown();
    await keys.refetched();
    comeUp();
    clock.advance(30);
    const after = await keys.refetched();
    expect(after.kind).toBe('found');
    expect(after).not.toEqual(before);
  });
});

describe('with the issuer away from the start', () => {
  it('asks at most once a second', async () => {
    const { clock, issuer, keys, goDown } = setUp();
    goDown();
    for (let tenth = 0; tenth < 30; tenth++) {
      expect(await keys.current()).toEqual({ kind: 'unavailable', retryAfterSeconds: 1 });
      clock.advance(0.125);
    }
    expect(issuer.fetches).toBe(4);
  });

  it('recovers within a second', async () => {
    const { clock, keys, goDown, comeUp } = setUp();
    goDown();
    await keys.current();
    expect(keys.state).toBe('unreachable');
    comeUp();
    clock.advance(1);
    expect((await keys.current()).kind).toBe('found');
    expect(keys.state).toBe('reachable');
  });
});

describe('with the issuer away later', () => {
  it('serves the last good keys until they are too old, and asks for newer ones once in 30 s', async () => {
    const { clock, issuer, keys, goDown } = setUp({ jwksMaxStaleSeconds: 3600 });
    const good = await keys.current();
    goDown();
    for (let second = 0; second < 3600; second += 10) {
      clock.advance(10);
      expect(await keys.current()).toEqual(good);
    }
    expect(issuer.fetches).toBe(1 + 101);
    clock.advance(1);
    expect(await keys.current()).toEqual({ kind: 'unavailable', retryAfterSeconds: 1 });
  });

  it('has them again once the issuer is back', async () => {
    const { clock, keys, goDown, comeUp } = setUp({ jwksMaxStaleSeconds: 600 });
    await keys.current();
    goDown();
    clock.advance(601);
    expect((await keys.current()).kind).toBe('unavailable');
    comeUp();
    clock.advance(1);
    expect((await keys.current()).kind).toBe('found');
  });

  it('keeps nobody waiting longer than a second for an issuer that hangs', async () => {
    jest.useFakeTimers();
    const { clock, issuer, keys } = setUp();
    const good = await keys.current();
    issuer.answer = () => new Promise(() => undefined);
    clock.advance(600);
    const first = keys.current();
    await jest.advanceTimersByTimeAsync(1000);
    expect(await first).toEqual(good);
    expect(await keys.current()).toEqual(good);
    expect(issuer.fetches).toBe(2);
  });

  it('takes keys that come late for the requests after them', async () => {
    jest.useFakeTimers();
    const { clock, issuer, keys } = setUp();
    const good = await keys.current();
    const late = deferred<KeySet>();
    issuer.answer = () => late.promise;
    clock.advance(600);
    const first = keys.current();
    await jest.advanceTimersByTimeAsync(1000);
    await first;
    late.resolve(newKeys());
    await jest.advanceTimersByTimeAsync(0);
    expect(await keys.current()).not.toEqual(good);
    expect(issuer.fetches).toBe(2);
  });
});
