import { ApiProperty } from '@nestjs/swagger';
import type { PresignedUpload } from '../../../files/file.service';
import { EXAMPLE_UPLOADS, UploadDto } from '../../../jobs/dto/upload.dto';
import { ApiMapOf } from '../../../platform/http/dto/api-map-of';

/** A job that was made and waits for its files. */
export class JobCreatedDto {
  /** The job's id. */
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  /** It waits for its files, and to be started. */
  @ApiProperty({ enum: ['created'], example: 'created' })
  status: 'created';

  /** The short form of `uploads`: where to PUT each file, by env_var. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', format: 'uri' },
    example: { INPUT_FILE: 'https://s3.example.org/…' },
  })
  uploadUrls: Record<string, string>;

  /** How to upload each file, by env_var. */
  @ApiMapOf(UploadDto, EXAMPLE_UPLOADS)
  uploads: Record<string, UploadDto>;

  /** When the job expires if it is not started; what was uploaded is removed then. */
  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  expiresAt: string;

  static from(job: { uid: string; expiresAt: Date; uploads: ReadonlyMap<string, PresignedUpload> }): JobCreatedDto {
    return {
      uid: job.uid,
      status: 'created',
      uploadUrls: Object.fromEntries([...job.uploads].map(([envVar, upload]) => [envVar, upload.url])),
      uploads: Object.fromEntries([...job.uploads].map(([envVar, upload]) => [envVar, UploadDto.from(upload)])),
      expiresAt: job.expiresAt.toISOString(),
    };
  }
}

/** What an idempotency key keeps of the answer: all but the uploads, which are signed anew. */
export class KeptJob {
  uid: string;
  expiresAt: string;

  static from(job: { uid: string; expiresAt: Date }): KeptJob {
    return { uid: job.uid, expiresAt: job.expiresAt.toISOString() };
  }
}
