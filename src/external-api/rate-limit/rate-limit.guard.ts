import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Problem } from '../../platform/problem/problem';
import { principalOf } from '../auth/principal.decorator';
import { ClientRateLimit } from './client-rate-limit';

const POLICY = 'client';

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
    const draw = this.limit.count(principal);
    if (!draw) return true;
    const { taken, remaining, secondsToNext } = draw;
    // draft-ietf-httpapi-ratelimit-headers-10, §3 and §4: `t` is when more becomes available, not when all of it is back.
    const response = http.getResponse<Response>();
    response.setHeader('RateLimit-Policy', `"${POLICY}";q=${this.limit.quota};w=${this.limit.windowSeconds}`);
    response.setHeader('RateLimit', `"${POLICY}";r=${remaining};t=${secondsToNext}`);
    if (taken) return true;
    throw new Problem('rate_limited', `This client sends too many requests. Wait ${secondsToNext} s, then send them slower.`, {
      headers: { 'Retry-After': String(secondsToNext) },
    });
  }
}
