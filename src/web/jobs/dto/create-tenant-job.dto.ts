import { ApiProperty, PickType } from '@nestjs/swagger';
import type { CreateJobCommand } from '../../../jobs/commands';
import { JobInputDto } from '../../../jobs/dto/job-input.dto';
import { EXAMPLE_UPLOADS, UploadDto } from '../../../jobs/dto/upload.dto';
import type { PresignedUpload } from '../../../files/file.service';
import { ApiMapOf } from '../../../platform/http/dto/api-map-of';
import type { WebUser } from '../../../tenancy/user-access';
import type { PathTenant } from '../../auth/current.decorator';

/** A new job of the path's tenant. */
export class CreateTenantJobDto extends JobInputDto {
  toCommand({ partner, tenant }: PathTenant, user: WebUser): CreateJobCommand {
    return { creator: { kind: 'user', userId: user.id }, partner, tenant, ...this.toInput() };
  }
}

/** A job that was made and waits for its files. */
export class TenantJobCreatedDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  @ApiProperty({ enum: ['created'], example: 'created' })
  status: 'created';

  /** How to upload each file, by env_var. */
  @ApiMapOf(UploadDto, EXAMPLE_UPLOADS)
  uploads: Record<string, UploadDto>;

  /** When the job expires if it is not started; what was uploaded is removed then. */
  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  expiresAt: string;

  static from(job: { uid: string; expiresAt: Date; uploads: ReadonlyMap<string, PresignedUpload> }): TenantJobCreatedDto {
    return {
      uid: job.uid,
      status: 'created',
      uploads: Object.fromEntries([...job.uploads].map(([envVar, upload]) => [envVar, UploadDto.from(upload)])),
      expiresAt: job.expiresAt.toISOString(),
    };
  }
}

/** Where to upload a job's files now. */
export class TenantUploadUrlsDto extends PickType(TenantJobCreatedDto, ['uploads', 'expiresAt'] as const) {
  static from(job: { uid: string; expiresAt: Date; uploads: ReadonlyMap<string, PresignedUpload> }): TenantUploadUrlsDto {
    const { uploads, expiresAt } = TenantJobCreatedDto.from(job);
    return { uploads, expiresAt };
  }
}

/** A failed job that is dealt with, or open again. */
export class JobResolutionDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  uid: string;

  /** null: it is open. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:45:00.000Z' })
  resolvedAt: string | null;

  static from({ uid, resolvedAt }: { uid: string; resolvedAt: Date | null }): JobResolutionDto {
    return { uid, resolvedAt: resolvedAt?.toISOString() ?? null };
  }
}
