import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import type { OutputSetFilter } from '../../../jobs/output-set.queries';
import { IsInstant } from './is-instant';

const CODE = /^[A-Za-z0-9._-]{1,64}$/;

/** Which output sets are asked for. Everything in a query is text; `toFilter` and `pageSize` give it its types. */
export class ListOutputSetsDto {
  /** The partner's code; the token needs the scope `partner:<code>`. */
  @ApiProperty({ example: 'demo' })
  @Matches(CODE, { message: 'partner must be a code: 1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen' })
  partner: string;

  /** A tenant's code. */
  @ApiPropertyOptional({ example: 'north' })
  @IsOptional()
  @Matches(CODE, { message: 'tenant must be a code: 1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen' })
  tenant?: string;

  /** The year in which the school year ends. */
  @ApiPropertyOptional({ example: '2026' })
  @IsOptional()
  @Matches(/^[0-9]{4}$/, { message: 'schoolYear must be four digits' })
  schoolYear?: string;

  /** A bundle's path. */
  @ApiPropertyOptional({ example: 'assessments/Harbor_Reading' })
  @IsOptional()
  @Matches(/^[^\p{Cc}]{1,255}$/u, { message: 'bundle must be a path of 1 to 255 characters' })
  bundle?: string;

  /** The output sets of one job. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID(undefined, { message: "jobUid must be a job's uid" })
  jobUid?: string;

  /** Whether the sets were delivered to the tenant's ODS. */
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'sentToOds must be true or false' })
  sentToOds?: string;

  /** Sets made after this time, itself excluded. */
  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-12T00:00:00Z' })
  @IsOptional()
  @IsInstant()
  createdAfter?: string;

  /** How many sets a page has at most. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Matches(/^([1-9]\d?|1\d\d|200)$/, { message: 'limit must be a whole number from 1 to 200' })
  limit?: string;

  /** The `nextCursor` of an earlier answer to the same filters. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(/^.{1,1024}$/, { message: 'cursor must be the nextCursor of an earlier answer' })
  cursor?: string;

  toFilter(): OutputSetFilter {
    return {
      partner: this.partner,
      tenant: this.tenant,
      schoolYear: this.schoolYear,
      bundle: this.bundle,
      jobUid: this.jobUid,
      sentToOds: this.sentToOds === undefined ? undefined : this.sentToOds === 'true',
      createdAfter: this.createdAfter === undefined ? undefined : new Date(this.createdAfter),
    };
  }

  get pageSize(): number {
    return Number(this.limit ?? 50);
  }
}
