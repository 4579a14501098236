import { PickType } from '@nestjs/swagger';
import type { PresignedUpload } from '../../../files/file.service';
import { JobCreatedDto } from './job-created.dto';

/** Where to upload a job's files now: the same as in the answer of its creation. */
export class UploadUrlsDto extends PickType(JobCreatedDto, ['uploadUrls', 'uploads', 'expiresAt'] as const) {
  static from(job: { uid: string; expiresAt: Date; uploads: ReadonlyMap<string, PresignedUpload> }): UploadUrlsDto {
    const { uploadUrls, uploads, expiresAt } = JobCreatedDto.from(job);
    return { uploadUrls, uploads, expiresAt };
  }
}
