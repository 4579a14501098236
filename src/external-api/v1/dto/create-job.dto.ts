import { ApiProperty } from '@nestjs/swagger';
import type { CreateJobCommand, JobCreator } from '../../../jobs/commands';
import { JobInputDto } from '../../../jobs/dto/job-input.dto';
import { IsCode } from '../../../platform/http/dto/field-rules';

/** A new job. */
export class CreateJobDto extends JobInputDto {
  /** The partner's code; the token needs the scope `partner:<code>`. */
  @ApiProperty({ example: 'demo' })
  @IsCode()
  partner: string;

  /** The code of one of the partner's tenants. */
  @ApiProperty({ example: 'north' })
  @IsCode()
  tenant: string;

  toCommand(creator: JobCreator): CreateJobCommand {
    return { creator, partner: this.partner, tenant: this.tenant, ...this.toInput() };
  }
}
