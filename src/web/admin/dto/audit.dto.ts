import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { IsCode } from '../../../platform/http/dto/field-rules';
import { IsInstant } from '../../../platform/http/dto/is-instant';
import { PageQueryDto } from '../../../platform/http/dto/page-query.dto';
import { AUDIT_ACTIONS, type AuditAction } from '../../../tenancy/audit';
import type { AuditFilter, AuditView } from '../../../tenancy/audit.service';
import { toSchoolYear } from './tenant.dto';

/** Which audit records are asked for. */
export class ListAuditDto extends PageQueryDto {
  /** A partner's code: what was changed of it. */
  @ApiPropertyOptional({ example: 'demo' })
  @IsOptional()
  @IsCode()
  partner?: string;

  /** Who changed it. */
  @ApiPropertyOptional({ format: 'uuid', example: '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70' })
  @IsOptional()
  @IsUUID('all', { message: 'user must be the uid of a user' })
  user?: string;

  /** What was done. */
  @ApiPropertyOptional({ enum: AUDIT_ACTIONS })
  @IsOptional()
  @IsIn(AUDIT_ACTIONS, { message: `action must be one of ${AUDIT_ACTIONS.join(', ')}` })
  action?: AuditAction;

  /** Changes after this time, itself excluded. */
  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-12T00:00:00Z' })
  @IsOptional()
  @IsInstant()
  createdAfter?: string;

  /** Changes before this time, itself excluded. */
  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-13T00:00:00Z' })
  @IsOptional()
  @IsInstant()
  createdBefore?: string;

  toFilter(): AuditFilter {
    const { partner, user, action, createdAfter, createdBefore } = this;
    return {
      partner,
      user,
      action,
      createdAfter: createdAfter === undefined ? undefined : new Date(createdAfter),
      createdBefore: createdBefore === undefined ? undefined : new Date(createdBefore),
    };
  }
}

/** A person in an audit record. */
export class AuditUserDto {
  @ApiProperty({ format: 'uuid', example: '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70' })
  uid: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  name: string;
}

/** What a change was about, as far as it was about one. */
export class AuditSubjectDto {
  /** A code. */
  @ApiProperty({ type: 'string', nullable: true, example: 'demo' })
  partner: string | null;

  /** A code of a tenant of the partner. */
  @ApiProperty({ type: 'string', nullable: true, example: 'north' })
  tenant: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: '2026' })
  schoolYear: string | null;

  /** To whom it was done. */
  @ApiProperty({ type: AuditUserDto, nullable: true })
  user: AuditUserDto | null;
}

/** A change that an administrator made. */
export class AuditRecordDto {
  @ApiProperty({ format: 'uuid', example: '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70' })
  uid: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  at: string;

  /** Who made it. */
  @ApiProperty({ type: AuditUserDto })
  user: AuditUserDto;

  @ApiProperty({ enum: AUDIT_ACTIONS, example: 'tenant.renamed' })
  action: AuditAction;

  @ApiProperty({ type: AuditSubjectDto })
  subject: AuditSubjectDto;

  /** What it was like, as far as it was changed; null where it was not there. Never a secret. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: { name: 'North' } })
  before: Record<string, unknown> | null;

  /** What it was like then; null where it was no longer there. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: { name: 'North District' } })
  after: Record<string, unknown> | null;

  static from({ uid, at, user, action, partner, tenant, endYear, subjectUser, before, after }: AuditView): AuditRecordDto {
    const schoolYear = endYear === null ? null : toSchoolYear(endYear);
    return {
      uid,
      at: at.toISOString(),
      user,
      action,
      subject: { partner, tenant, schoolYear, user: subjectUser },
      before,
      after,
    };
  }
}

/** A page of audit records, newest first. */
export class AuditListDto {
  @ApiProperty({ type: [AuditRecordDto] })
  items: AuditRecordDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor: string | null;

  @ApiProperty({ example: false })
  hasMore: boolean;
}
