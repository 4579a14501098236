import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { addLogFields } from '../../platform/logging/request-log';
import { Problem } from '../../platform/problem/problem';
import type { AccessNeeded, AccessResult } from '../../tenancy/user-access';
import { UserAccessService } from '../../tenancy/user-access.service';
import { setAccess } from './current.decorator';

export type WebAccess = AccessNeeded['kind'];

const WEB_ACCESS = 'slipway:web-access';

/** For the decorators that put the guard on a route. */
export const setWebAccess = (access: WebAccess): MethodDecorator => SetMetadata(WEB_ACCESS, access);
export const webAccessOf = (handler: object): WebAccess | undefined =>
  Reflect.getMetadata(WEB_ACCESS, handler) as WebAccess | undefined;

/** Lets a request pass whose session is that of a user who may reach what the path names. */
@Injectable()
export class WebAccessGuard implements CanActivate {
  constructor(private readonly users: UserAccessService) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const access = webAccessOf(context.getHandler());
    if (!access) throw new Error(`${context.getClass().name}.${context.getHandler().name} does not say who may reach it.`);
    const request = context.switchToHttp().getRequest<Request>();
    const { signIn } = request.session;
    if (!signIn) throw notSignedIn();
    const needed = neededFor(access, request.params);
    const result = await this.users.check(signIn.userId, needed);
    const { user, role } = allowedOrThrow(result, needed);
    setAccess(request, { user, role, ...('tenant' in needed && { partner: needed.partner, tenant: needed.tenant }) });
    addLogFields({ user: user.uid });
    return true;
  }
}

function neededFor(access: WebAccess, params: Request['params']): AccessNeeded {
  const code = (name: string): string => {
    const value = params[name];
    if (typeof value !== 'string') throw new Error(`The route's path has no :${name}.`);
    return value;
  };
  switch (access) {
    case 'admitted':
    case 'operator':
      return { kind: access };
    case 'partner_admin':
      return { kind: access, partner: code('partner') };
    case 'tenant':
      return { kind: access, partner: code('partner'), tenant: code('tenant') };
    default:
      return access satisfies never;
  }
}

/** RFC 9110 §11.6.1 has every 401 name a scheme. Of this one browsers know nothing, so they open no window that asks for a password. */
const CHALLENGE = 'Session realm="slipway"';

const notSignedIn = (): Problem =>
  new Problem('not_signed_in', 'Nobody is signed in, or the session has ended. Sign in again.', {
    headers: { 'WWW-Authenticate': CHALLENGE },
  });

type Allowed = Extract<AccessResult, { kind: 'allowed' }>;

function allowedOrThrow(result: AccessResult, needed: AccessNeeded): Allowed {
  switch (result.kind) {
    case 'allowed':
      return result;
    case 'user_unknown':
      throw notSignedIn();
    case 'not_admitted':
      throw new Problem('not_admitted', 'No operator of this installation has admitted this user.');
    case 'role_missing':
      throw new Problem('role_missing', `This needs the role ${ROLE_NEEDED[needed.kind]}, which the user does not have.`);
    case 'partner_not_found':
      throw new Problem('partner_not_found', 'There is no such partner that this user may reach.', { inPath: true });
    case 'tenant_not_found':
      throw new Problem('tenant_not_found', 'There is no such tenant that this user may reach.', { inPath: true });
    default:
      return result satisfies never;
  }
}

const ROLE_NEEDED: Record<WebAccess, string> = {
  admitted: 'of any kind',
  operator: 'operator',
  partner_admin: "partner_admin (the partner's administrator) or operator",
  tenant: 'staff, partner_admin or operator',
};
