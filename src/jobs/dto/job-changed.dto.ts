import { ApiProperty } from '@nestjs/swagger';

/** A job that was cancelled. */
export class JobCancelledDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  @ApiProperty({ enum: ['cancelled'], example: 'cancelled' })
  status: 'cancelled';

  static from({ uid }: { uid: string }): JobCancelledDto {
    return { uid, status: 'cancelled' };
  }
}

/** A job that waits for another run. */
export class JobRetriedDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  @ApiProperty({ enum: ['queued'], example: 'queued' })
  status: 'queued';

  static from({ uid }: { uid: string }): JobRetriedDto {
    return { uid, status: 'queued' };
  }
}
