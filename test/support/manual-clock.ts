import { Clock } from '../../src/external-api/auth/clock';

/** Stands still, at a full second, until it is moved; what it moves is both the wall clock and the intervals. */
export class ManualClock extends Clock {
  private ms = Math.floor(Date.now() / 1000) * 1000;
  override now = () => new Date(this.ms);
  override monotonicMs = () => this.ms;
  /** @param seconds backwards where negative. */
  advance(seconds: number): void {
    this.ms += seconds * 1000;
  }
}
