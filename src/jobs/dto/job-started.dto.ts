import { ApiProperty } from '@nestjs/swagger';

/** A job whose run is queued. */
export class JobStartedDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  @ApiProperty({ enum: ['queued'], example: 'queued' })
  status: 'queued';

  /** When the job was started, which its run is not yet. */
  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:31:07.412Z' })
  startedAt: string;

  static from(job: { uid: string; startedAt: Date }): JobStartedDto {
    return { uid: job.uid, status: 'queued', startedAt: job.startedAt.toISOString() };
  }
}
