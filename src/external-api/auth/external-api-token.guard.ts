import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { addLogFields } from '../../platform/logging/request-log';
import { Problem } from '../../platform/problem/problem';
import { bearerChallenge } from './bearer-challenge';
import { requireClient } from './client-access';
import type { Principal } from './principal';
import { setPrincipal } from './principal.decorator';
import { tokenRequirementOf, type TokenRequirement } from './token-requirement';
import { TokenMetrics } from './token-metrics';
import { TokenVerifier, type TokenVerification } from './token-verifier';

/** Lets a request pass whose token is good for the route: the token itself first, then its scope, then its client. */
@Injectable()
export class ExternalApiTokenGuard implements CanActivate {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly metrics: TokenMetrics,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const requirement = tokenRequirementOf(context.getHandler());
    if (!requirement)
      throw new Error(`${context.getClass().name}.${context.getHandler().name} does not say what its token needs.`);
    const request = context.switchToHttp().getRequest<Request>();
    const verification = await this.verifier.verify(request.headersDistinct['authorization'] ?? []);
    try {
      const principal = principalOrThrow(verification);
      requireScope(principal, requirement);
      if (requirement.client) requireClient(principal);
      setPrincipal(request, principal);
      addLogFields({ client: principal.clientId });
      return true;
    } catch (error) {
      if (error instanceof Problem) this.metrics.countFailure(error.code);
      throw error;
    }
  }
}

function principalOrThrow(verification: TokenVerification): Principal {
  switch (verification.kind) {
    case 'verified':
      return verification.principal;
    case 'token_missing':
      throw new Problem(
        'token_missing',
        'Send an access token in the header Authorization: Bearer <token>.',
        challenge(bearerChallenge()),
      );
    case 'token_invalid': {
      const { kind, reason } = verification;
      throw new Problem(kind, reason, challenge(bearerChallenge({ error: 'invalid_token', description: reason })));
    }
    case 'token_expired': {
      const description = 'The token has expired; get a new one from its issuer.';
      throw new Problem('token_expired', description, challenge(bearerChallenge({ error: 'invalid_token', description })));
    }
    case 'token_issuer_unavailable':
      throw new Problem(
        'token_issuer_unavailable',
        "The token issuer's keys cannot be had now, so the token was not judged. Try again shortly.",
        {
          headers: { 'Retry-After': String(verification.retryAfterSeconds) },
        },
      );
    case 'external_api_disabled':
      throw new Problem('external_api_disabled', 'This installation has no token issuer, so its External API is off.');
    default:
      return verification satisfies never;
  }
}

function requireScope(principal: Principal, { anyScopeOf }: TokenRequirement): void {
  if (anyScopeOf.length === 0 || anyScopeOf.some((scope) => principal.scopes.includes(scope))) return;
  const description = `The token needs the scope ${anyScopeOf.join(' or ')}.`;
  const scope = anyScopeOf.join(' ');
  throw new Problem(
    'insufficient_scope',
    description,
    challenge(bearerChallenge({ error: 'insufficient_scope', description, scope })),
  );
}

const challenge = (value: string) => ({ headers: { 'WWW-Authenticate': value } });
