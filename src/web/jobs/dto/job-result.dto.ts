import { ApiProperty } from '@nestjs/swagger';
import { SKIP_REASONS, type SkipReason } from '../../../jobs/run-report';
import type { TenantJobView } from '../../../jobs/tenant-job-view';

export class InputRowsDto {
  /** The input's env_var. */
  @ApiProperty({ example: 'INPUT_FILE' })
  file: string;

  /** Rows that were read of it, without its header. */
  @ApiProperty({ type: 'integer', example: 1200 })
  rows: number;
}

export class OutputRecordsDto {
  /** The Ed-Fi resource. */
  @ApiProperty({ example: 'studentAssessments' })
  resource: string;

  @ApiProperty({ type: 'integer', example: 1100 })
  records: number;
}

/** Rows that one step of the bundle let go no further. */
export class SkippedRowsDto {
  /** `filtered`: a condition; `repeated`: they were there before; `unmatched`: another file has nothing that belongs to them; `limited`: more than the bundle takes. */
  @ApiProperty({ enum: SKIP_REASONS, example: 'filtered' })
  reason: SkipReason;

  @ApiProperty({ type: 'integer', example: 100 })
  rows: number;

  /** The condition, columns or keys, as the bundle has them; null where it names none. */
  @ApiProperty({ type: 'string', nullable: true, example: "keeps `Completion Status` == 'Complete'" })
  detail: string | null;

  /** The part of the bundle, as the bundle refers to it. */
  @ApiProperty({ type: 'string', nullable: true, example: '$transformations.results' })
  node: string | null;
}

/** What became of the rows of a run that succeeded. */
export class JobResultDto {
  /** Empty where an older version of the worker did not tell. */
  @ApiProperty({ type: [InputRowsDto] })
  inputs: InputRowsDto[];

  @ApiProperty({ type: [OutputRecordsDto] })
  outputs: OutputRecordsDto[];

  /** By step; a row that goes several ways through the bundle is counted on each. At most 50 steps. */
  @ApiProperty({ type: [SkippedRowsDto] })
  skipped: SkippedRowsDto[];

  static of({ status, outputs, progress }: TenantJobView): JobResultDto | null {
    if (status !== 'succeeded' || !outputs) return null;
    return {
      inputs: Object.entries(progress?.files?.inputs ?? {}).map(([file, rows]) => ({ file, rows })),
      outputs: outputs.files.map(({ name, records }) => ({ resource: name.replace(/\.[^.]*$/, ''), records })),
      skipped: (progress?.skipped ?? []).map(({ reason, rows, detail, node }) => ({ reason, rows, detail, node })),
    };
  }
}
