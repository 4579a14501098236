import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Role } from '../../tenancy/entities/user-role.entity';
import type { WebUser } from '../../tenancy/user-access';

/** The tenant of the request's path, by its code and its partner's. */
export interface PathTenant {
  readonly partner: string;
  readonly tenant: string;
  /** The highest role by which the user reaches it. */
  readonly role: Role;
}

interface Access {
  readonly user: WebUser;
  readonly role: Role | null;
  readonly partner?: string;
  readonly tenant?: string;
}

const accesses = new WeakMap<Request, Access>();

/** For the guard only. */
export function setAccess(request: Request, access: Access): void {
  accesses.set(request, access);
}

function accessOf(context: ExecutionContext): Access {
  const access = accesses.get(context.switchToHttp().getRequest<Request>());
  if (!access) throw new Error('@CurrentUser() and @CurrentTenant() are for routes that require a session.');
  return access;
}

/** The handler's parameter for the user who is signed in. */
export const CurrentUser = createParamDecorator((_data: unknown, context: ExecutionContext): WebUser => accessOf(context).user);

/** The handler's parameter for the tenant that the path names, which the user may reach. */
export const CurrentTenant = createParamDecorator((_data: unknown, context: ExecutionContext): PathTenant => {
  const { partner, tenant, role } = accessOf(context);
  if (partner === undefined || tenant === undefined || role === null)
    throw new Error('@CurrentTenant() is for routes with @TenantAccess().');
  return { partner, tenant, role };
});
