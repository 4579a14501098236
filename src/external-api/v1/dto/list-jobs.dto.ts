import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { JobFilter } from '../../../jobs/job-list.queries';
import { JOB_STATUSES, type JobStatus } from '../../../jobs/job-status';
import { IsBundlePath, IsCode, IsSchoolYear } from '../../../platform/http/dto/field-rules';
import { IsInstant } from '../../../platform/http/dto/is-instant';
import { PageQueryDto } from '../../../platform/http/dto/page-query.dto';

/** Which jobs are asked for; without filters all that the token's partners have. */
export class ListJobsDto extends PageQueryDto {
  /** A partner's code; the token needs the scope `partner:<code>`. */
  @ApiPropertyOptional({ example: 'demo' })
  @IsOptional()
  @IsCode()
  partner?: string;

  /** A tenant's code. */
  @ApiPropertyOptional({ example: 'north' })
  @IsOptional()
  @IsCode()
  tenant?: string;

  /** A bundle's path. */
  @ApiPropertyOptional({ example: 'assessments/Harbor_Reading' })
  @IsOptional()
  @IsBundlePath()
  bundle?: string;

  /** The year in which the school year ends. */
  @ApiPropertyOptional({ example: '2026' })
  @IsOptional()
  @IsSchoolYear()
  schoolYear?: string;

  /** As the jobs read now. */
  @ApiPropertyOptional({ enum: JOB_STATUSES })
  @IsOptional()
  @IsIn(JOB_STATUSES, { message: `status must be one of ${JOB_STATUSES.join(', ')}` })
  status?: JobStatus;

  /** Jobs made after this time, itself excluded. */
  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-12T00:00:00Z' })
  @IsOptional()
  @IsInstant()
  createdAfter?: string;

  /** Jobs made before this time, itself excluded. */
  @ApiPropertyOptional({ format: 'date-time', example: '2026-01-13T00:00:00Z' })
  @IsOptional()
  @IsInstant()
  createdBefore?: string;

  /** `me`: only jobs that were made with this token's client. */
  @ApiPropertyOptional({ enum: ['me'] })
  @IsOptional()
  @IsIn(['me'], { message: 'createdBy must be me' })
  createdBy?: 'me';

  /** All but what depends on who asks. */
  toFilter(): Omit<JobFilter, 'client'> {
    const { tenant, bundle, schoolYear, status } = this;
    return {
      tenant,
      bundle,
      schoolYear,
      status,
      createdAfter: this.createdAfter === undefined ? undefined : new Date(this.createdAfter),
      createdBefore: this.createdBefore === undefined ? undefined : new Date(this.createdBefore),
    };
  }
}
