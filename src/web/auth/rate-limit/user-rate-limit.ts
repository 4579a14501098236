import { Injectable } from '@nestjs/common';
import { RateLimitSettings } from '../../../platform/config/settings';
import { RateLimit } from '../../../platform/rate-limit/rate-limit';

/** By `app_user.id`: all of a person's sessions and tabs together. */
@Injectable()
export class UserRateLimit extends RateLimit {
  constructor({ userPerMinute }: RateLimitSettings) {
    super({ policy: 'user', sender: 'This user', perMinute: userPerMinute });
  }
}
