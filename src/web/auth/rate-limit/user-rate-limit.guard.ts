import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { UserRateLimit } from './user-rate-limit';

/**
 * Lets a request pass while the user whose session it has has not used up their rate, and says on every answer how much of it is left. It
 * stands before what looks up what they may do; who is not signed in has no rate, and gets no further than that.
 */
@Injectable()
export class UserRateLimitGuard implements CanActivate {
  constructor(private readonly limit: UserRateLimit) {}

  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    const { signIn } = http.getRequest<Request>().session;
    if (signIn) this.limit.count(signIn.userId, http.getResponse<Response>());
    return true;
  }
}
