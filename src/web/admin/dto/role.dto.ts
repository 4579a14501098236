import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ProblemDetail } from '../../../platform/problem/problem';
import type { Role } from '../../../tenancy/entities/user-role.entity';
import type { WantedRole } from '../../../tenancy/roles';
import type { RoleView } from '../../../tenancy/users.service';

export const ROLES = ['operator', 'partner_admin', 'staff'] as const satisfies readonly Role[];
export const MAX_ROLES = 500;

/** A role that a user is to have. */
export class RoleDto {
  /** `operator`: everything. `partner_admin`: a partner with all its tenants. `staff`: a tenant. */
  @ApiProperty({ enum: ROLES, example: 'staff' })
  role: Role;

  /** A partner's code; for all but an operator. */
  @ApiPropertyOptional({ type: 'string', nullable: true, example: 'demo' })
  partner?: string | null;

  /** The code of a tenant of the partner; for staff. */
  @ApiPropertyOptional({ type: 'string', nullable: true, example: 'north' })
  tenant?: string | null;
}

/** A role that the partner's administrators give. */
export class StaffRoleDto {
  @ApiProperty({ enum: ['staff'], example: 'staff' })
  role: 'staff';

  /** The code of a tenant of the partner. */
  @ApiProperty({ example: 'north' })
  tenant: string;
}

/** A partner or tenant as people know it. */
export class NamedDto {
  @ApiProperty({ example: 'demo' })
  code: string;

  @ApiProperty({ example: 'Demo partner' })
  name: string;
}

/** A role that a user has. */
export class UserRoleDto {
  @ApiProperty({ enum: ROLES, example: 'staff' })
  role: Role;

  /** null of an operator. */
  @ApiProperty({ type: NamedDto, nullable: true })
  partner: NamedDto | null;

  /** null but for staff. */
  @ApiProperty({ type: NamedDto, nullable: true })
  tenant: NamedDto | null;

  static from({ role, partner, tenant }: RoleView): UserRoleDto {
    return { role, partner, tenant };
  }
}

export const toWantedRole = ({ role, partner, tenant }: RoleDto): WantedRole => ({
  role,
  partner: partner ?? null,
  tenant: tenant ?? null,
});

type Field = 'partner' | 'tenant';
/** What each role is about; the other fields must be left out, or null. */
const FIELDS: Record<Role, readonly Field[]> = { operator: [], partner_admin: ['partner'], staff: ['partner', 'tenant'] };
const CODE = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The faults of a list of roles, which decorators cannot tell: what each needs depends on the role.
 *
 * @param given anything that was sent.
 * @param implied fields that the path says, and an item does not.
 */
export function roleFaults(given: unknown, allowed: readonly Role[], implied: readonly Field[] = []): ProblemDetail[] {
  const fault = (pointer: string, detail: string): ProblemDetail => ({ pointer, code: 'invalid_request', detail });
  if (!Array.isArray(given) || given.length > MAX_ROLES)
    return [fault('/roles', `roles must be an array of at most ${MAX_ROLES} roles`)];
  const items: readonly unknown[] = given;
  const faults = items.flatMap((item, index): ProblemDetail[] => {
    const at = `/roles/${index}`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return [fault(at, 'must be an object')];
    const { role, ...fields } = item as Record<string, unknown>;
    if (!allowed.some((name) => name === role)) return [fault(`${at}/role`, `role must be one of ${allowed.join(', ')}`)];
    const needed = FIELDS[role as Role].filter((field) => !implied.includes(field));
    const extra = Object.keys(fields).filter((field) => !needed.some((name) => name === field) && fields[field] !== null);
    return [
      ...extra.map((field) => fault(at, `a role of ${String(role)} has no ${field}`)),
      ...needed.flatMap((field) => (isCode(fields[field]) ? [] : [fault(`${at}/${field}`, `${field} must be a code`)])),
    ];
  });
  if (faults.length > 0) return faults;
  const names = items.map((item) => JSON.stringify(toWantedRole(item as RoleDto)));
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [fault(`/roles/${index}`, 'is there twice')] : []));
}

const isCode = (value: unknown): boolean => typeof value === 'string' && CODE.test(value);
