import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import type { OutputSetFilter } from '../../../jobs/output-set.queries';
import { IsBundlePath, IsCode, IsSchoolYear } from '../../../platform/http/dto/field-rules';
import { IsInstant } from '../../../platform/http/dto/is-instant';
import { PageQueryDto } from '../../../platform/http/dto/page-query.dto';

/** Which output sets are asked for. Everything in a query is text; `toFilter` gives it its types. */
export class ListOutputSetsDto extends PageQueryDto {
  /** The partner's code; the token needs the scope `partner:<code>`. */
  @ApiProperty({ example: 'demo' })
  @IsCode()
  partner: string;

  /** A tenant's code. */
  @ApiPropertyOptional({ example: 'north' })
  @IsOptional()
  @IsCode()
  tenant?: string;

  /** The year in which the school year ends. */
  @ApiPropertyOptional({ example: '2026' })
  @IsOptional()
  @IsSchoolYear()
  schoolYear?: string;

  /** A bundle's path. */
  @ApiPropertyOptional({ example: 'assessments/Harbor_Reading' })
  @IsOptional()
  @IsBundlePath()
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
}
