import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { principalOf } from '../auth/principal.decorator';
import { bucketKey, ClientRateLimit } from './client-rate-limit';

/**
 * Lets a request pass while its client has not used up its rate, and says on every answer how much of it is left. It stands
 * behind the token guard, so nobody can use up the rate of somebody else.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limit: ClientRateLimit) {}

  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    const principal = principalOf(http.getRequest<Request>());
    if (!principal) throw new Error('the rate limit is for routes whose token was verified before');
    this.limit.count(bucketKey(principal), http.getResponse<Response>());
    return true;
  }
}
