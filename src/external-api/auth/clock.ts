import { Injectable } from '@nestjs/common';

/** The time as the token checks see it, so that tests can move it. */
export abstract class Clock {
  /** The wall clock, for what a token says about time. */
  abstract now(): Date;
  /** Milliseconds that only ever grow, for intervals: a wall clock that jumps would freeze or drop the cached keys. */
  abstract monotonicMs(): number;
}

@Injectable()
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }

  override monotonicMs(): number {
    return performance.now();
  }
}
