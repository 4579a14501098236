import { ApiProperty } from '@nestjs/swagger';
import { JOB_EVENT_TYPES, type JobEventType, type JobEventView } from '../job-events';

/** Something that happened to a job. */
export class JobEventDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c3-1f42-7d0a-8a3e-5c6b7d8e9f00' })
  uid: string;

  /**
   * `job.succeeded`, `job.failed`, `job.cancelled` and `job.expired` end a job, unless it is retried (`job.queued` again). Behind
   * `job.failed`, `job.resolved` says that a person on the web page marked the job as dealt with, and `job.reopened` that the mark was
   * taken off; its status stays `failed`. More types may come.
   */
  @ApiProperty({ enum: JOB_EVENT_TYPES, example: 'job.succeeded' })
  type: JobEventType;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:31:08.100Z' })
  at: string;

  /** What is to be said of it; which members it has depends on the type, and more may come. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { outputSet: '019ab6c3-1f42-7d0a-8a3e-5c6b7d8e9f00', rowsRead: 1200, rowsWritten: 1100 },
  })
  data: Record<string, unknown>;

  static from({ uid, type, at, data }: JobEventView): JobEventDto {
    return { uid, type, at: at.toISOString(), data };
  }
}

/** A page of a job's events, oldest first. */
export class JobEventListDto {
  @ApiProperty({ type: [JobEventDto] })
  items: JobEventDto[];

  /** For the next page; given at the end too: asking with it later gives each event that was added since, once. */
  @ApiProperty({ example: 'b0ZkS1pYc2RmZ2hqazEyMzQ1Ng' })
  nextCursor: string;

  /** Whether there is a next page already. */
  @ApiProperty({ example: false })
  hasMore: boolean;
}
