import { applyDecorators, RequestMethod, UseGuards } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { ApiCookieAuth } from '@nestjs/swagger';
import { declareRoutePolicy } from '../../platform/http/route-policy';
import { ApiPathProblem, ApiProblems } from '../../platform/problem/api-problems.decorator';
import { UserRateLimitGuard } from './rate-limit/user-rate-limit.guard';
import { setWebAccess, WebAccessGuard, type WebAccess } from './web-access.guard';

/**
 * Opens a route to every user who is signed in and admitted. Like its siblings below it puts the guards on the route (the rate
 * limit's, then the access'), declares the route's one policy, and documents the problems that come of it. It belongs above `@Get()`
 * and its like, whose method it reads.
 */
export const SignedIn = (): MethodDecorator => requireAccess('admitted');

/** Opens a route to operators. */
export const Operator = (): MethodDecorator => applyDecorators(requireAccess('operator'), ApiProblems('role_missing'));

/** Opens a route with `:partner` in its path to that partner's administrators, and to operators. */
export const PartnerAdmin = (): MethodDecorator =>
  applyDecorators(requireAccess('partner_admin'), ApiProblems('role_missing'), ApiPathProblem('partner_not_found'));

/** Opens a route with `:partner` and `:tenant` in its path to that tenant's staff, its partner's administrators, and operators. */
export const TenantAccess = (): MethodDecorator => applyDecorators(requireAccess('tenant'), ApiPathProblem('tenant_not_found'));

function requireAccess(access: WebAccess): MethodDecorator {
  return applyDecorators(
    declareRoutePolicy('web_session'),
    setWebAccess(access),
    UseGuards(UserRateLimitGuard, WebAccessGuard),
    ApiCookieAuth(),
    ApiProblems('not_signed_in', 'not_admitted', 'rate_limited', 'login_disabled', 'database_unavailable'),
    ApiCrossOriginProblem(),
  );
}

/** Documents that a method which changes something is refused to other sites' pages. */
export function ApiCrossOriginProblem(): MethodDecorator {
  return (target, key, descriptor) => {
    const method = Reflect.getMetadata(METHOD_METADATA, descriptor.value as object) as RequestMethod | undefined;
    if (method !== undefined && method !== RequestMethod.GET) ApiProblems('cross_origin_request')(target, key, descriptor);
  };
}
