import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal } from './principal';

const principals = new WeakMap<Request, Principal>();

/** For the guard only. */
export function setPrincipal(request: Request, principal: Principal): void {
  principals.set(request, principal);
}

/** Who sent the request; undefined where no token was verified. */
export const principalOf = (request: Request): Principal | undefined => principals.get(request);

/** The handler's parameter for the `Principal` that the token guard found. */
export const CurrentPrincipal = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const principal = principalOf(context.switchToHttp().getRequest<Request>());
  if (!principal) throw new Error('@CurrentPrincipal() is for routes that require a token.');
  return principal;
});
