import { ApiProperty } from '@nestjs/swagger';
import { RUN_STATUSES, type RunStatus } from '../job-status';
import type { JobFileView, RunView } from '../job-view';
import type { RunError, RunWarning } from '../run-report';

/** What both fronts show of a job's files and runs. */

/** Why a run failed, in words that a partner can act on. */
export class RunErrorDto {
  /** For programs; stable. */
  @ApiProperty({ example: 'column_missing' })
  code: string;

  /** What the code means; for people. */
  @ApiProperty({ example: 'A column is missing' })
  title: string;

  /** What is wrong and where; for the person who has the file. */
  @ApiProperty({ example: 'INPUT_FILE: column `student_id` is missing' })
  detail: string;

  /** The input's env_var or a file of the bundle. */
  @ApiProperty({ type: 'string', nullable: true, example: 'INPUT_FILE' })
  file: string | null;

  /** From 1. */
  @ApiProperty({ type: 'integer', nullable: true, example: 1 })
  line: number | null;

  static from({ code, title, detail, file, line }: RunError): RunErrorDto {
    return { code, title, detail, file, line };
  }
}

/** Something that the bundle's author should know and that did not stop the run. */
export class RunWarningDto {
  /** For people. */
  @ApiProperty({ example: 'the node is not run, since it leads to no destination' })
  detail: string;

  /** The input's env_var or a file of the bundle. */
  @ApiProperty({ type: 'string', nullable: true, example: 'earthmover.yaml' })
  file: string | null;

  /** From 1. */
  @ApiProperty({ type: 'integer', nullable: true, example: 42 })
  line: number | null;

  /** The part of the bundle, as the bundle refers to it. */
  @ApiProperty({ type: 'string', nullable: true, example: '$transformations.students' })
  node: string | null;

  /** Its name and position in the node, from 1. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  operation: string | null;

  static from({ detail, file, line, node, operation }: RunWarning): RunWarningDto {
    return { detail, file, line, node, operation };
  }
}

/** An input file of a job. */
export class InputFileDto {
  /** As given when the job was created. */
  @ApiProperty({ example: 'sample_results.csv' })
  name: string;

  /** Bytes: as found at the start, before that as declared. */
  @ApiProperty({ type: 'integer', nullable: true, example: 48211 })
  size: number | null;

  /** Lower-case hex, where it is known. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  sha256: string | null;

  /** Since when it is no longer kept; null while it is. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  removedAt: string | null;

  static from({ name, size, sha256, removedAt }: JobFileView): InputFileDto {
    return { name, size, sha256, removedAt: removedAt?.toISOString() ?? null };
  }
}

/** For documents: the files of a job with one. */
export const EXAMPLE_INPUT_FILES: Readonly<Record<string, InputFileDto>> = {
  INPUT_FILE: { name: 'sample_results.csv', size: 48211, sha256: null, removedAt: null },
};

/** One execution of a job. */
export class RunDto {
  /** From 1. */
  @ApiProperty({ type: 'integer', example: 1 })
  number: number;

  @ApiProperty({ enum: RUN_STATUSES, example: 'succeeded' })
  status: RunStatus;

  /** How often a worker took the run; more than one after a crash. */
  @ApiProperty({ type: 'integer', example: 1 })
  attempts: number;

  /** When a worker first took it; null while it is queued. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:31:07.512Z' })
  startedAt: string | null;

  /** null until then. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:31:08.100Z' })
  finishedAt: string | null;

  /** Why it failed; null where it did not. */
  @ApiProperty({ type: RunErrorDto, nullable: true, example: null })
  error: RunErrorDto | null;

  static from(run: RunView): RunDto {
    return {
      number: run.number,
      status: run.status,
      attempts: run.attempts,
      startedAt: run.startedAt?.toISOString() ?? null,
      finishedAt: run.finishedAt?.toISOString() ?? null,
      error: run.error && RunErrorDto.from(run.error),
    };
  }
}
