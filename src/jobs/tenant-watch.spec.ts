import { TenantWatch } from './tenant-watch';

describe('what a reader is told of a tenant', () => {
  const never = new AbortController().signal;

  it('is each job once, as it was last', async () => {
    const watch = new TenantWatch();
    watch.add({ uid: 'a', status: 'queued' });
    watch.add({ uid: 'b', status: 'queued' });
    watch.add({ uid: 'a', status: 'running' });
    expect(await watch.next(never)).toEqual({
      kind: 'jobs',
      jobs: [
        { uid: 'a', status: 'running' },
        { uid: 'b', status: 'queued' },
      ],
    });
  });

  it('comes as soon as there is anything', async () => {
    const watch = new TenantWatch();
    const next = watch.next(never);
    watch.add({ uid: 'a', status: 'queued' });
    expect(await next).toMatchObject({ kind: 'jobs' });
  });

  it('is a reset in place of all, when so many jobs wait or anything may have changed', async () => {
    const watch = new TenantWatch();
    for (let number = 0; number <= 500; number++) watch.add({ uid: String(number), status: 'queued' });
    expect(await watch.next(never)).toEqual({ kind: 'reset' });
    watch.add({ uid: 'a', status: 'queued' });
    watch.reset();
    expect(await watch.next(never)).toEqual({ kind: 'reset' });
  });

  it('ends with the signal', async () => {
    const watch = new TenantWatch();
    const ending = new AbortController();
    const next = watch.next(ending.signal);
    ending.abort();
    expect(await next).toBeNull();
    expect(await watch.next(ending.signal)).toBeNull();
  });
});
