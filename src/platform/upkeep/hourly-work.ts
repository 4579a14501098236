import type { Logger } from '@nestjs/common';

const INTERVAL_MS = 3_600_000;

/**
 * Work that a process does when it starts and every hour, one time after the other. Every process does it, so it must be such that any
 * number of them may, at once and as often as they like. What has to be done sooner, or once, belongs on the queue.
 */
export class HourlyWork {
  private timer: NodeJS.Timeout | undefined;
  private inHand: Promise<void> = Promise.resolve();

  /** @param what begins the line in the log that tells of a failure; it is tried again an hour later. */
  constructor(
    private readonly what: string,
    private readonly work: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const begin = (): void => void (this.inHand = this.inHand.then(() => this.attempt()));
    this.timer = setInterval(begin, INTERVAL_MS);
    begin();
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.inHand;
  }

  private async attempt(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`${this.what} failed and will be tried again: ${reason}`);
    }
  }
}
