import { Injectable } from '@nestjs/common';
import { RateLimitSettings } from '../../platform/config/settings';
import { Clock } from '../auth/clock';
import type { Principal } from '../auth/principal';
import { TokenBuckets, type Draw } from './token-buckets';

/** A client may send this many at once however low its rate is, so that a few parallel jobs are never a burst too many. */
const MIN_BURST = 200;
/** Some 200 bytes each. Nobody can make more of them than the issuer has clients. */
const MAX_CLIENTS = 10_000;

/** A bucket for each client, and its size in numbers that a client can go by. */
@Injectable()
export class ClientRateLimit {
  private readonly buckets: TokenBuckets | null;
  /** As many requests as a full bucket has, and the seconds in which an empty one fills: their ratio is the rate. */
  readonly quota: number;
  readonly windowSeconds: number;

  constructor(
    { perMinute }: RateLimitSettings,
    private readonly clock: Clock,
  ) {
    this.quota = Math.max(MIN_BURST, perMinute);
    this.windowSeconds = Math.ceil((this.quota * 60) / perMinute);
    this.buckets = perMinute === 0 ? null : new TokenBuckets({ capacity: this.quota, refillPerMinute: perMinute }, MAX_CLIENTS);
  }

  /** Counts a request. @returns null where there is no limit. */
  count(principal: Principal): Draw | null {
    return this.buckets?.take(bucketKey(principal), this.clock.monotonicMs()) ?? null;
  }
}

/** A token that names no client counts for its subject, so that one reader does not use up the others' rate. */
const bucketKey = ({ issuer, clientId, subject }: Principal): string => JSON.stringify([issuer, clientId, clientId ?? subject]);
