import { ApiProperty } from '@nestjs/swagger';
import { MAX_JOBS_COUNTED, type ApiClientView } from '../../../jobs/api-clients.service';

/** A program that has made jobs of a partner. */
export class ApiClientDto {
  @ApiProperty({ example: 'sis' })
  clientId: string;

  /** What its newest token called it. */
  @ApiProperty({ type: 'string', nullable: true, example: 'Student information system' })
  name: string | null;

  /** Who issued its newest token. */
  @ApiProperty({ example: 'https://login.example.org/realms/partners' })
  issuer: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  firstJobAt: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  lastJobAt: string;

  /** How many jobs it made; counted up to 1,000. */
  @ApiProperty({ type: 'integer', maximum: MAX_JOBS_COUNTED, example: 42 })
  jobs: number;

  /** It may have made more than were counted. */
  @ApiProperty({ example: false })
  moreJobs: boolean;

  static from({ clientId, name, issuer, firstJobAt, lastJobAt, jobs }: ApiClientView): ApiClientDto {
    return {
      clientId,
      name,
      issuer,
      firstJobAt: firstJobAt.toISOString(),
      lastJobAt: lastJobAt.toISOString(),
      jobs,
      moreJobs: jobs === MAX_JOBS_COUNTED,
    };
  }
}

/** A page of clients, by their ids. */
export class ApiClientListDto {
  @ApiProperty({ type: [ApiClientDto] })
  items: ApiClientDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor: string | null;

  @ApiProperty({ example: false })
  hasMore: boolean;
}
