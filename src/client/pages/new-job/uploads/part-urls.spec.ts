import { PartUrls } from './part-urls';

function signer() {
  const asked: (readonly number[])[] = [];
  const sign = async (numbers: readonly number[]) => {
    asked.push(numbers);
    return Object.fromEntries(numbers.map((number) => [String(number), `url ${number} of ${asked.length}`]));
  };
  return { asked, sign };
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the URLs of parts', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('are asked for some at a time', async () => {
    const { asked, sign } = signer();
    const urls = new PartUrls(25, sign);
    const taken = await Promise.all(range(1, 25).map((number) => urls.take(number)));
    expect(asked).toEqual([range(1, 20), range(21, 25)]);
    expect(taken[20]).toBe('url 21 of 2');
  });

  it('are given out once, so that a second try has a fresh one', async () => {
    const { asked, sign } = signer();
    const urls = new PartUrls(3, sign);
    expect(await urls.take(2)).toBe('url 2 of 1');
    expect(await urls.take(2)).toBe('url 2 of 2');
    expect(await urls.take(3)).toBe('url 3 of 1');
    expect(asked).toEqual([[2, 3], [2]]);
  });

  it('are asked for again after a failure', async () => {
    const { sign } = signer();
    let isDown = true;
    const urls = new PartUrls(2, (numbers) => (isDown ? Promise.reject(new Error('down')) : sign(numbers)));
    await expect(urls.take(1)).rejects.toThrow('down');
    isDown = false;
    expect(await urls.take(2)).toBe('url 2 of 1');
  });

  it('are not kept until they are worn out', async () => {
    const { sign } = signer();
    const urls = new PartUrls(2, sign);
    await urls.take(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await urls.take(2)).toBe('url 2 of 2');
  });
});
