import { ApiProperty } from '@nestjs/swagger';
import type { Role } from '../../../tenancy/entities/user-role.entity';
import type { TenantDetails } from '../../../tenancy/tenant-details';
import { ROLES } from '../../auth/dto/list-tenants.dto';
import { NamedDto } from '../../auth/dto/session.dto';

/** A tenant, for who works for it. */
export class TenantDto {
  @ApiProperty({ type: NamedDto })
  partner: NamedDto;

  @ApiProperty({ type: NamedDto })
  tenant: NamedDto;

  /** For which jobs may be submitted; each by the year in which it ends, newest first. */
  @ApiProperty({ type: [String], example: ['2026', '2025'] })
  schoolYears: string[];

  /** The highest by which the user reaches the tenant. */
  @ApiProperty({ enum: ROLES, example: 'staff' })
  role: Role;

  /** Whether the user administers the tenant's partner. */
  @ApiProperty({ example: false })
  canAdminister: boolean;

  static from({ partner, tenant, schoolYears }: TenantDetails, role: Role): TenantDto {
    return { partner, tenant, schoolYears: [...schoolYears], role, canAdminister: role !== 'staff' };
  }
}
