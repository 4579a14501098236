import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Length, Matches } from 'class-validator';
import { JOB_STATUSES, type JobStatus } from '../../../jobs/job-status';
import { TENANT_JOB_SORTS, type TenantJobFilter, type TenantJobSort } from '../../../jobs/tenant-job-list.queries';
import { IsBundlePath, IsSchoolYear } from '../../../platform/http/dto/field-rules';
import { IsInstant } from '../../../platform/http/dto/is-instant';
import { PageQueryDto } from '../../../platform/http/dto/page-query.dto';

const STATUS = `(${JOB_STATUSES.join('|')})`;

/** Which of a tenant's jobs are asked for, and in which order. */
export class ListTenantJobsDto extends PageQueryDto {
  /** One status or several, with commas between; as the jobs read now. */
  @ApiPropertyOptional({ type: String, pattern: `^${STATUS}(,${STATUS})*$`, example: 'queued,running' })
  @IsOptional()
  @Matches(new RegExp(`^${STATUS}(,${STATUS})*$`), {
    message: `status must be of ${JOB_STATUSES.join(', ')}, with commas between`,
  })
  status?: string;

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

  /** Whether the job was made through the External API or on the web page. */
  @ApiPropertyOptional({ enum: ['api', 'web'] })
  @IsOptional()
  @IsIn(['api', 'web'], { message: 'origin must be api or web' })
  origin?: 'api' | 'web';

  /** Whether somebody has marked the failed job as dealt with. */
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'resolved must be true or false' })
  resolved?: 'true' | 'false';

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

  /** Part of a file's name or of the submitter's, or the beginning of the uid, in any case. */
  @ApiPropertyOptional({ minLength: 1, maxLength: 200, example: 'results' })
  @IsOptional()
  @Length(1, 200, { message: 'search must be 1 to 200 characters' })
  search?: string;

  /** `-` is newest first. By its end a job that has not ended counts as the last to end. */
  @ApiPropertyOptional({ enum: TENANT_JOB_SORTS, default: '-createdAt' })
  @IsOptional()
  @IsIn(TENANT_JOB_SORTS, { message: `sort must be one of ${TENANT_JOB_SORTS.join(', ')}` })
  sort?: TenantJobSort;

  toFilter(): TenantJobFilter {
    const { bundle, schoolYear, origin, resolved, search } = this;
    return {
      statuses: [...new Set(this.status?.split(',') as JobStatus[] | undefined)],
      bundle,
      schoolYear,
      origin,
      resolved: resolved === undefined ? undefined : resolved === 'true',
      createdAfter: this.createdAfter === undefined ? undefined : new Date(this.createdAfter),
      createdBefore: this.createdBefore === undefined ? undefined : new Date(this.createdBefore),
      search: search?.trim() || undefined,
    };
  }
}
