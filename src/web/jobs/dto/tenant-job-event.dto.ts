import { ApiProperty } from '@nestjs/swagger';
import { JobEventDto, JobEventListDto } from '../../../jobs/dto/job-event.dto';
import type { JobEventView } from '../../../jobs/job-events';

/** Something that happened to a job, for the tenant's staff. */
export class TenantJobEventDto extends JobEventDto {
  /**
   * The name of the person who started, cancelled or retried the job here, or marked it; null where an API client or Slipway itself
   * did it, or where it was not noted yet who did.
   */
  @ApiProperty({ type: 'string', nullable: true, example: 'Ada Lovelace' })
  by: string | null;

  static override from(event: JobEventView): TenantJobEventDto {
    return { ...JobEventDto.from(event), by: event.by };
  }
}

/** A page of a job's events, oldest first. */
export class TenantJobEventListDto extends JobEventListDto {
  @ApiProperty({ type: [TenantJobEventDto] })
  declare items: TenantJobEventDto[];
}
