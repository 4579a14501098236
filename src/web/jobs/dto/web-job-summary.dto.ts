import { ApiProperty } from '@nestjs/swagger';
import { RunErrorDto } from '../../../jobs/dto/run.dto';
import { JOB_STATUSES, type JobStatus } from '../../../jobs/job-status';
import type { RunProgress } from '../../../jobs/run-report';
import type { TenantJobSummary } from '../../../jobs/tenant-job-view';

/** How far the current or last run has come. */
export class WebProgressDto {
  @ApiProperty({ enum: ['fetching', 'transforming', 'storing', 'done'], example: 'transforming' })
  stage: RunProgress['stage'];

  /** How much of the files that the bundle reads has been read, by bytes; null where that is not known. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, nullable: true, example: 62 })
  percent: number | null;

  @ApiProperty({ type: 'integer', example: 1200 })
  rowsRead: number;

  @ApiProperty({ type: 'integer', example: 1100 })
  rowsWritten: number;

  static from({ stage, percent, rowsRead, rowsWritten }: NonNullable<TenantJobSummary['progress']>): WebProgressDto {
    return { stage, percent: percent ?? null, rowsRead, rowsWritten };
  }
}

/** A job as the tenant's list has it. */
export class WebJobSummaryDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  @ApiProperty({ enum: JOB_STATUSES, example: 'succeeded' })
  status: JobStatus;

  /** Whether the job was made through the External API or on the web page. */
  @ApiProperty({ enum: ['api', 'web'], example: 'web' })
  origin: 'api' | 'web';

  /** The name of the user or the API client that made it; null where the client has none. */
  @ApiProperty({ type: 'string', nullable: true, example: 'Ada Lovelace' })
  submittedBy: string | null;

  /** The bundle's path. */
  @ApiProperty({ example: 'assessments/Harbor_Reading' })
  bundle: string;

  /** For people; the path where the registry no longer has the bundle. */
  @ApiProperty({ example: 'Harbor Reading' })
  bundleName: string;

  @ApiProperty({ example: 'f8967a1f0c2d4e5b8a9f0e1d2c3b4a5968778695' })
  bundleVersion: string;

  /** The year in which the school year ends. */
  @ApiProperty({ example: '2026' })
  schoolYear: string;

  @ApiProperty({ type: [String], example: ['results.csv'] })
  fileNames: string[];

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  createdAt: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:31:07.412Z' })
  startedAt: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:31:08.100Z' })
  finishedAt: string | null;

  /** When the job expires if it is never started. */
  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  expiresAt: string;

  @ApiProperty({ type: WebProgressDto, nullable: true })
  progress: WebProgressDto | null;

  @ApiProperty({ type: RunErrorDto, nullable: true, example: null })
  error: RunErrorDto | null;

  /** Since when the failed job has been marked as dealt with. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  resolvedAt: string | null;

  /** The name of who marked it. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  resolvedBy: string | null;

  static from(job: TenantJobSummary, bundleName: string | null): WebJobSummaryDto {
    return {
      uid: job.uid,
      status: job.status,
      origin: job.origin,
      submittedBy: job.submittedBy,
      bundle: job.bundle,
      bundleName: bundleName ?? job.bundle,
      bundleVersion: job.bundleVersion,
      schoolYear: job.schoolYear,
      fileNames: [...job.fileNames],
      createdAt: job.createdAt.toISOString(),
      startedAt: job.startedAt?.toISOString() ?? null,
      finishedAt: job.finishedAt?.toISOString() ?? null,
      expiresAt: job.expiresAt.toISOString(),
      progress: job.progress && WebProgressDto.from(job.progress),
      error: job.error && RunErrorDto.from(job.error),
      resolvedAt: job.resolvedAt?.toISOString() ?? null,
      resolvedBy: job.resolvedBy,
    };
  }
}

/** A page of a tenant's jobs. */
export class WebJobListDto {
  /** May be fewer than `limit`, even none, while `hasMore` is true: where little matches, a page ends after 5,000 jobs looked at. */
  @ApiProperty({ type: [WebJobSummaryDto] })
  items: WebJobSummaryDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: 'b0ZkS1pYc2RmZ2hqazEyMzQ1Ng' })
  nextCursor: string | null;

  /** Whether there may be a next page. */
  @ApiProperty({ example: true })
  hasMore: boolean;
}
