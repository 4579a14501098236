import { SetMetadata } from '@nestjs/common';
import type { Scope } from './scopes';

/** What a route asks of its caller's token, beyond that it is valid. */
export interface TokenRequirement {
  /** One of these is enough; none: any valid token. */
  readonly anyScopeOf: readonly Scope[];
  /** Whether the token has to name a client, as whoever writes is recorded. */
  readonly client: boolean;
}

const TOKEN_REQUIREMENT = 'slipway:token-requirement';

export const setTokenRequirement = (requirement: TokenRequirement): MethodDecorator =>
  SetMetadata(TOKEN_REQUIREMENT, requirement);

export function tokenRequirementOf(handler: object): TokenRequirement | undefined {
  return Reflect.getMetadata(TOKEN_REQUIREMENT, handler) as TokenRequirement | undefined;
}
