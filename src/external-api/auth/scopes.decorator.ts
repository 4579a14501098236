import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, DECORATORS } from '@nestjs/swagger';
import { declareRoutePolicy } from '../../platform/http/route-policy';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { RateLimitGuard } from '../rate-limit/rate-limit.guard';
import { ExternalApiTokenGuard } from './external-api-token.guard';
import type { Scope } from './scopes';
import { setTokenRequirement, type TokenRequirement } from './token-requirement';

interface RequirementOptions {
  /** The operation writes, so the token has to name a client. */
  readonly client?: boolean;
}

/**
 * Opens a route to tokens with the scope. Like its siblings below it puts the guards on the route (the token's, then the rate
 * limit), declares the route's one policy, and documents the scope and the problems that come of it. It belongs above `@ApiOperation`, whose description
 * it extends.
 */
export const RequireScope = (scope: Scope, options?: RequirementOptions): MethodDecorator => RequireAnyScope([scope], options);

/** Opens a route to tokens with at least one of the scopes. */
export function RequireAnyScope(
  scopes: readonly [Scope, ...Scope[]],
  { client = false }: RequirementOptions = {},
): MethodDecorator {
  return requireToken({ anyScopeOf: scopes, client });
}

/** Opens a route to every valid token. */
export const AnyValidToken = (): MethodDecorator => requireToken({ anyScopeOf: [], client: false });

function requireToken(requirement: TokenRequirement): MethodDecorator {
  return applyDecorators(
    declareRoutePolicy('external_api_token'),
    setTokenRequirement(requirement),
    UseGuards(ExternalApiTokenGuard, RateLimitGuard),
    ApiBearerAuth(),
    describeRequirement(requirement),
    ApiProblems('token_missing', 'token_invalid', 'token_expired'),
    ...(requirement.anyScopeOf.length > 0 ? [ApiProblems('insufficient_scope')] : []),
    ...(requirement.client ? [ApiProblems('client_missing')] : []),
    ApiProblems('rate_limited'),
    ApiProblems('external_api_disabled', 'token_issuer_unavailable'),
  );
}

function describeRequirement({ anyScopeOf, client }: TokenRequirement): MethodDecorator {
  const scopes =
    anyScopeOf.length > 0 ? `Scope: ${anyScopeOf.map((scope) => `\`${scope}\``).join(' or ')}.` : 'Scope: none; any valid token.';
  const text = client ? `${scopes} The token names a client (\`client_id\` or \`azp\`).` : scopes;
  return (target, key, descriptor) => {
    const operation = Reflect.getMetadata(DECORATORS.API_OPERATION, descriptor.value as object) as
      { description?: string } | undefined;
    const description = [operation?.description, text].filter(Boolean).join('\n\n');
    ApiOperation({ ...operation, description })(target, key, descriptor);
  };
}
