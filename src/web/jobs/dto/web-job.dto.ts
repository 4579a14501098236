import { ApiProperty } from '@nestjs/swagger';
import { EXAMPLE_INPUT_FILES, InputFileDto, RunDto, RunWarningDto } from '../../../jobs/dto/run.dto';
import type { JobOutputs, TenantJobView } from '../../../jobs/tenant-job-view';
import { ApiMapOf } from '../../../platform/http/dto/api-map-of';
import { JobNoteDto } from './job-note.dto';
import { JobResultDto } from './job-result.dto';
import { WebJobSummaryDto } from './web-job-summary.dto';

export class WebOutputFileDto {
  /** Named after the Ed-Fi resource. */
  @ApiProperty({ example: 'studentAssessments.jsonl' })
  name: string;

  /** Bytes. */
  @ApiProperty({ type: 'integer', example: 918273 })
  size: number;

  @ApiProperty({ type: 'integer', example: 412 })
  records: number;
}

/** What the job's successful run made. */
export class JobOutputsDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c3-1f42-7d0a-8a3e-5c6b7d8e9f00' })
  uid: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:31:08.100Z' })
  createdAt: string;

  /** Since when the files are no longer kept; null while they are. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  removedAt: string | null;

  @ApiProperty({ type: [WebOutputFileDto] })
  files: WebOutputFileDto[];

  static from({ uid, createdAt, removedAt, files }: JobOutputs): JobOutputsDto {
    return {
      uid,
      createdAt: createdAt.toISOString(),
      removedAt: removedAt?.toISOString() ?? null,
      files: files.map(({ name, size, records }) => ({ name, size, records })),
    };
  }
}

/** What may be done to the job now. */
export class JobActionsDto {
  /** Once its files are uploaded. */
  @ApiProperty({ example: false })
  start: boolean;

  @ApiProperty({ example: false })
  cancel: boolean;

  @ApiProperty({ example: false })
  retry: boolean;

  @ApiProperty({ example: false })
  resolve: boolean;

  @ApiProperty({ example: false })
  reopen: boolean;

  @ApiProperty({ example: false })
  renewUploads: boolean;
}

/** A job whole. */
export class WebJobDto extends WebJobSummaryDto {
  /** The input files, by env_var. */
  @ApiMapOf(InputFileDto, EXAMPLE_INPUT_FILES)
  files: Record<string, InputFileDto>;

  /** The parameters as given, by env_var. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { TEST_TYPE: 'Fall' } })
  params: Record<string, string>;

  /** Oldest first. */
  @ApiProperty({ type: [RunDto] })
  runs: RunDto[];

  /** The first 20 warnings of the current or last run, for who keeps the bundle. */
  @ApiProperty({ type: [RunWarningDto] })
  warnings: RunWarningDto[];

  /** How many warnings there are, also those that are not listed; at most 100 are counted. */
  @ApiProperty({ type: 'integer', example: 0 })
  warningCount: number;

  /** null where no run has succeeded. */
  @ApiProperty({ type: JobOutputsDto, nullable: true })
  outputs: JobOutputsDto | null;

  /** null where no run has succeeded. */
  @ApiProperty({ type: JobResultDto, nullable: true })
  result: JobResultDto | null;

  /** Oldest first. */
  @ApiProperty({ type: [JobNoteDto] })
  notes: JobNoteDto[];

  @ApiProperty({ type: JobActionsDto })
  can: JobActionsDto;

  static fromView(job: TenantJobView, bundleName: string | null): WebJobDto {
    const summary = { ...job, fileNames: job.files.map(({ name }) => name) };
    return {
      ...WebJobSummaryDto.from(summary, bundleName),
      files: Object.fromEntries(job.files.map((file) => [file.envVar, InputFileDto.from(file)])),
      params: { ...job.params },
      runs: job.runs.map((run) => RunDto.from(run)),
      warnings: (job.progress?.warnings ?? []).map((warning) => RunWarningDto.from(warning)),
      warningCount: job.progress?.warningCount ?? 0,
      outputs: job.outputs && JobOutputsDto.from(job.outputs),
      result: JobResultDto.of(job),
      notes: job.notes.map((note) => JobNoteDto.from(note, note.isMine)),
      can: { ...job.can },
    };
  }
}
