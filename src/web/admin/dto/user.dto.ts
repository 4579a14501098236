import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsEmail, IsIn, IsOptional, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { ShapeChecked } from '../../../platform/http/validation.pipe';
import type { ProblemDetail } from '../../../platform/problem/problem';
import type { UserState } from '../../../tenancy/entities/app-user.entity';
import type { UserView } from '../../../tenancy/users.service';
import { IsDisplayName, SearchQueryDto } from './admin-fields';
import { MAX_ROLES, RoleDto, roleFaults, ROLES, StaffRoleDto, UserRoleDto } from './role.dto';

export const USER_STATES = ['waiting', 'admitted', 'disabled'] as const satisfies readonly UserState[];

/** Which users are asked for. */
export class ListUsersDto extends SearchQueryDto {
  /** Those who wait to be admitted, who are, or who may no longer sign in. */
  @ApiPropertyOptional({ enum: USER_STATES })
  @IsOptional()
  @IsIn(USER_STATES, { message: `state must be one of ${USER_STATES.join(', ')}` })
  state?: UserState;
}

/** Who somebody is: known by issuer and subject, which the issuer never changes. */
class PersonDto {
  /** The `id` of a login issuer, as `/api/session` lists them. */
  @ApiProperty({ example: 'district' })
  @Matches(/^[a-z0-9-]{1,32}$/, { message: 'issuer must be the id of a login issuer' })
  issuer: string;

  /** What the issuer calls the person (`sub`). */
  @ApiProperty({ maxLength: 255, example: '248289761001' })
  @Matches(/^[^\p{Cc}]{1,255}$/u, { message: 'subject must be a text of 1 to 255 characters' })
  subject: string;

  /** Until they sign in, when their issuer says it. */
  @ApiProperty({ example: 'Ada Lovelace' })
  @IsDisplayName()
  name: string;

  @ApiPropertyOptional({ type: 'string', format: 'email', nullable: true, maxLength: 255, example: 'ada@example.org' })
  @ValidateIf((_dto: object, value: unknown) => value !== undefined && value !== null)
  @MaxLength(255, { message: 'email must have at most 255 characters' })
  @IsEmail({}, { message: 'email must be an address such as ada@example.org' })
  email?: string | null;
}

/** Somebody who is to be admitted. */
export class AddUserDto extends PersonDto implements ShapeChecked {
  @ApiProperty({ type: [RoleDto], maxItems: MAX_ROLES })
  @Allow()
  roles: RoleDto[];

  shapeFaults(): ProblemDetail[] {
    return roleFaults(this.roles, ROLES);
  }
}

/** Somebody who is to work for tenants of a partner. */
export class AddStaffDto extends PersonDto implements ShapeChecked {
  @ApiProperty({ type: [StaffRoleDto], minItems: 1, maxItems: MAX_ROLES })
  @Allow()
  roles: StaffRoleDto[];

  shapeFaults(): ProblemDetail[] {
    const faults = roleFaults(this.roles, ['staff'], ['partner']);
    if (faults.length > 0 || this.roles.length > 0) return faults;
    return [{ pointer: '/roles', code: 'invalid_request', detail: 'roles must not be empty' }];
  }
}

/** All roles that a user is to have. */
export class SetRolesDto implements ShapeChecked {
  @ApiProperty({ type: [RoleDto], maxItems: MAX_ROLES })
  @Allow()
  roles: RoleDto[];

  shapeFaults(): ProblemDetail[] {
    return roleFaults(this.roles, ROLES);
  }
}

/** All tenants of a partner that a user is to work for. */
export class SetStaffRolesDto implements ShapeChecked {
  /** Empty: the user no longer belongs to the partner's staff. */
  @ApiProperty({ type: [StaffRoleDto], maxItems: MAX_ROLES })
  @Allow()
  roles: StaffRoleDto[];

  shapeFaults(): ProblemDetail[] {
    return roleFaults(this.roles, ['staff'], ['partner']);
  }
}

/** Whether a user may sign in. */
export class SetUserStateDto {
  @ApiProperty({ enum: ['admitted', 'disabled'], example: 'admitted' })
  @IsIn(['admitted', 'disabled'], { message: 'state must be admitted or disabled' })
  state: 'admitted' | 'disabled';
}

/** A user as administrators see them. */
export class AdminUserDto {
  @ApiProperty({ format: 'uuid', example: '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70' })
  uid: string;

  /** The URL of the issuer that knows the person. */
  @ApiProperty({ example: 'https://login.example.org/realms/staff' })
  issuer: string;

  /** What the issuer calls the person (`sub`). */
  @ApiProperty({ example: '248289761001' })
  subject: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  name: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'ada@example.org' })
  email: string | null;

  /** `waiting`: has signed in, and nobody has admitted them. */
  @ApiProperty({ enum: USER_STATES, example: 'admitted' })
  state: UserState;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:30:00.000Z' })
  lastSignInAt: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  createdAt: string;

  /** All, or those at the partner that was asked about. */
  @ApiProperty({ type: [UserRoleDto] })
  roles: UserRoleDto[];

  /** For `If-Match` when these roles are changed. */
  @ApiProperty({ example: '"5e884898da28047151d0e56f8dc62927"' })
  etag: string;

  static from({ uid, issuer, subject, name, email, state, lastSignInAt, createdAt, roles, etag }: UserView): AdminUserDto {
    return {
      uid,
      issuer,
      subject,
      name,
      email,
      state,
      lastSignInAt: lastSignInAt?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
      roles: roles.map((role) => UserRoleDto.from(role)),
      etag,
    };
  }
}

/** A page of users, by name. */
export class AdminUserListDto {
  @ApiProperty({ type: [AdminUserDto] })
  items: AdminUserDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor: string | null;

  @ApiProperty({ example: false })
  hasMore: boolean;
}
