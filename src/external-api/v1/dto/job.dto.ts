import { ApiProperty } from '@nestjs/swagger';
import { JOB_STATUSES, type JobStatus } from '../../../jobs/job-status';
import type { JobSummary, JobView } from '../../../jobs/job-view';
import type { RunProgress, StoredRunProgress } from '../../../jobs/run-report';
import { EXAMPLE_INPUT_FILES, InputFileDto, RunDto, RunErrorDto, RunWarningDto } from '../../../jobs/dto/run.dto';
import { ApiMapOf } from '../../../platform/http/dto/api-map-of';

/** The rows of each file; at most 200 inputs and 200 outputs are listed. */
export class RunFilesDto {
  /** Rows read of each input, by env_var. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { INPUT_FILE: 1200 } })
  inputs: Record<string, number>;

  /** Rows written to each output, by name. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { 'studentAssessments.jsonl': 1100 } })
  outputs: Record<string, number>;
}

/** How far the current or last run has come. */
export class RunProgressDto {
  /** What the run does: gets the inputs, runs the bundle, keeps the outputs. */
  @ApiProperty({ enum: ['fetching', 'transforming', 'storing', 'done'], example: 'done' })
  stage: RunProgress['stage'];

  /** Of all inputs. */
  @ApiProperty({ type: 'integer', example: 1200 })
  rowsRead: number;

  /** To all outputs. */
  @ApiProperty({ type: 'integer', example: 1100 })
  rowsWritten: number;

  /** How much of the files that the bundle reads has been read, by bytes; null where that is not known. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, nullable: true, example: 100 })
  percent: number | null;

  /** The source of the bundle that is being read, such as `$sources.results`; null while none is. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  node: string | null;

  @ApiProperty({ type: RunFilesDto })
  files: RunFilesDto;

  /** The first 20. */
  @ApiProperty({ type: [RunWarningDto] })
  warnings: RunWarningDto[];

  /** How many warnings there are, also those that are not listed; at most 100 are counted. */
  @ApiProperty({ type: 'integer', example: 1 })
  warningCount: number;

  static from(progress: StoredRunProgress): RunProgressDto {
    const { stage, rowsRead, rowsWritten, percent = null, node = null, files, warnings = [], warningCount = 0 } = progress;
    return {
      stage,
      rowsRead,
      rowsWritten,
      percent,
      node,
      files: { inputs: { ...files?.inputs }, outputs: { ...files?.outputs } },
      warnings: warnings.map((warning) => RunWarningDto.from(warning)),
      warningCount,
    };
  }
}

/** A job as lists have it. */
export class JobSummaryDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  /** `succeeded`, `failed`, `cancelled` and `expired` are final. */
  @ApiProperty({ enum: JOB_STATUSES, example: 'succeeded' })
  status: JobStatus;

  /** Whether the job was made through this API or on the web page. */
  @ApiProperty({ enum: ['api', 'web'], example: 'api' })
  origin: 'api' | 'web';

  @ApiProperty({ example: 'demo' })
  partner: string;

  @ApiProperty({ example: 'north' })
  tenant: string;

  @ApiProperty({ example: 'assessments/Harbor_Reading' })
  bundle: string;

  /** The version that the input was checked against and that the run uses. */
  @ApiProperty({ example: 'f8967a1f0c2d4e5b8a9f0e1d2c3b4a5968778695' })
  bundleVersion: string;

  @ApiProperty({ example: '2026' })
  schoolYear: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  createdAt: string;

  /** When the job was started; null before. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:31:07.412Z' })
  startedAt: string | null;

  /** When the job got its final status; null before. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:31:08.100Z' })
  finishedAt: string | null;

  /** When the job expires if it is never started. */
  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  expiresAt: string;

  /** Why the job failed; null where it did not. */
  @ApiProperty({ type: RunErrorDto, nullable: true, example: null })
  error: RunErrorDto | null;

  static from(job: JobSummary): JobSummaryDto {
    return {
      uid: job.uid,
      status: job.status,
      origin: job.origin,
      partner: job.partner,
      tenant: job.tenant,
      bundle: job.bundle,
      bundleVersion: job.bundleVersion,
      schoolYear: job.schoolYear,
      createdAt: job.createdAt.toISOString(),
      startedAt: job.startedAt?.toISOString() ?? null,
      finishedAt: job.finishedAt?.toISOString() ?? null,
      expiresAt: job.expiresAt.toISOString(),
      error: job.error && RunErrorDto.from(job.error),
    };
  }
}

/** A job whole. */
export class JobDto extends JobSummaryDto {
  /** The input files, by env_var. */
  @ApiMapOf(InputFileDto, EXAMPLE_INPUT_FILES)
  files: Record<string, InputFileDto>;

  /** The parameters as given, by env_var. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: {} })
  params: Record<string, string>;

  /** null while the job has no run. */
  @ApiProperty({ type: RunProgressDto, nullable: true })
  progress: RunProgressDto | null;

  /** Oldest first. */
  @ApiProperty({ type: [RunDto] })
  runs: RunDto[];

  static override from(job: JobView): JobDto {
    return {
      ...JobSummaryDto.from(job),
      files: Object.fromEntries(job.files.map((file) => [file.envVar, InputFileDto.from(file)])),
      params: { ...job.params },
      progress: job.progress && RunProgressDto.from(job.progress),
      runs: job.runs.map((run) => RunDto.from(run)),
    };
  }
}

/** A page of jobs, newest first. */
export class JobListDto {
  @ApiProperty({ type: [JobSummaryDto] })
  items: JobSummaryDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: 'b0ZkS1pYc2RmZ2hqazEyMzQ1Ng' })
  nextCursor: string | null;

  /** Whether there is a next page. */
  @ApiProperty({ example: true })
  hasMore: boolean;
}
