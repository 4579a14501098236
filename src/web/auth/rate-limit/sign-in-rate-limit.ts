import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RateLimit } from '../../../platform/rate-limit/rate-limit';

/**
 * Requests a minute; a sign-in has two. Behind a proxy it is the rate of all who come through it, so it is far above a school's morning,
 * and still below what an issuer minds: each callback with a login of its browser asks the issuer once.
 */
const PER_MINUTE = 3_000;

/** By the address that a connection comes from; nothing else is known of who is not signed in, and what a header says is anybody's word. */
@Injectable()
export class SignInRateLimit extends RateLimit {
  constructor() {
    super({ policy: 'address', sender: 'This address', perMinute: PER_MINUTE });
  }
}

/** Lets a step of signing in pass while its address has not used up its rate. */
@Injectable()
export class SignInRateLimitGuard implements CanActivate {
  constructor(private readonly limit: SignInRateLimit) {}

  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    this.limit.count(http.getRequest<Request>().socket.remoteAddress ?? '', http.getResponse<Response>());
    return true;
  }
}
