import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, MaxLength } from 'class-validator';
import { PageQueryDto } from '../../../platform/http/dto/page-query.dto';
import type { Role } from '../../../tenancy/entities/user-role.entity';
import type { ReachableTenant } from '../../../tenancy/user-access.queries';
import { NamedDto } from './session.dto';

export const ROLES = ['operator', 'partner_admin', 'staff'] as const satisfies readonly Role[];

export class ListTenantsDto extends PageQueryDto {
  /** What the code or name of the tenant or its partner has in it, in any case. */
  @ApiPropertyOptional({ maxLength: 100 })
  @IsOptional()
  @MaxLength(100, { message: 'search must be at most 100 characters' })
  search?: string;
}

/** A tenant that the user reaches. */
export class ReachableTenantDto {
  partner: NamedDto;

  tenant: NamedDto;

  /** The highest by which the user reaches it. */
  @ApiProperty({ enum: ROLES })
  role: Role;

  static from({ partner, tenant, role }: ReachableTenant): ReachableTenantDto {
    return { partner: NamedDto.from(partner), tenant: NamedDto.from(tenant), role };
  }
}

export class ReachableTenantListDto {
  items: ReachableTenantDto[];

  /** null on the last page. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor: string | null;

  hasMore: boolean;
}
