/** Parts whose URLs are asked for at once. */
const BATCH = 20;
/** A URL that was signed so long ago is not given out: it may not last for the part. */
const KEPT_MS = 60_000;

type SignParts = (numbers: readonly number[]) => Promise<Readonly<Record<string, string>>>;

/**
 * The URLs of one upload's parts, asked for some at a time. Each is given out once: who asks again was refused or cut off, and is to have
 * a fresh one.
 */
export class PartUrls {
  private readonly urls = new Map<number, Promise<string>>();

  constructor(
    private readonly partCount: number,
    private readonly sign: SignParts,
  ) {}

  take(number: number): Promise<string> {
    if (!this.urls.has(number)) this.askFor(number);
    const url = this.urls.get(number) ?? Promise.reject(new Error(`there is no part ${number}`));
    this.urls.delete(number);
    return url;
  }

  private askFor(first: number): void {
    const numbers: number[] = [];
    for (let number = first; number <= this.partCount && numbers.length < BATCH; number += 1) {
      if (number === first || !this.urls.has(number)) numbers.push(number);
    }
    const answer = this.sign(numbers);
    for (const number of numbers) {
      const url = answer.then((urls) => {
        const signed = urls[String(number)];
        if (signed === undefined) throw new Error(`no URL for part ${number}`);
        return signed;
      });
      this.urls.set(number, url);
      const forget = (): void => {
        if (this.urls.get(number) === url) this.urls.delete(number);
      };
      // A failure is told to whoever takes it; it must not be kept for the others, nor count as unhandled.
      url.then(() => setTimeout(forget, KEPT_MS), forget);
    }
  }
}
