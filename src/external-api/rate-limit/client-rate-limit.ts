import { Injectable } from '@nestjs/common';
import { RateLimitSettings } from '../../platform/config/settings';
import { RateLimit } from '../../platform/rate-limit/rate-limit';
import type { Principal } from '../auth/principal';

@Injectable()
export class ClientRateLimit extends RateLimit {
  constructor({ perMinute }: RateLimitSettings) {
    super({ policy: 'client', sender: 'This client', perMinute });
  }
}

/** A token that names no client counts for its subject, so that one reader does not use up the others' rate. */
export const bucketKey = ({ issuer, clientId, subject }: Principal): string =>
  JSON.stringify([issuer, clientId, clientId ?? subject]);
