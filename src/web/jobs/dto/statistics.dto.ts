import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { DayOfJobs } from '../../../jobs/tenant-job.queries';

const DEFAULT_DAYS = 30;

export class StatisticsQueryDto {
  /** How many days, today included. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 90, default: DEFAULT_DAYS })
  @IsOptional()
  @Matches(/^([1-9]|[1-8]\d|90)$/, { message: 'days must be a whole number from 1 to 90' })
  days?: string;

  /** In which the days begin, by its IANA name. */
  @ApiPropertyOptional({ default: 'UTC', example: 'Europe/Berlin', pattern: '^[A-Za-z0-9_+/-]{1,64}$' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_+/-]{1,64}$/, { message: 'timeZone must be the IANA name of a time zone, such as Europe/Berlin' })
  timeZone?: string;

  get dayCount(): number {
    return Number(this.days ?? DEFAULT_DAYS);
  }

  get zone(): string {
    return this.timeZone ?? 'UTC';
  }
}

/** How one day's jobs went. A job that was retried counts once, by how it ended last. */
export class DayOfJobsDto {
  @ApiProperty({ format: 'date', example: '2026-01-12' })
  date: string;

  /** Jobs that were made on the day. */
  @ApiProperty({ type: 'integer', example: 12 })
  submitted: number;

  /** Jobs that ended well on the day. */
  @ApiProperty({ type: 'integer', example: 10 })
  succeeded: number;

  /** Jobs that failed on the day. */
  @ApiProperty({ type: 'integer', example: 1 })
  failed: number;
}

export class JobStatisticsDto {
  /** Oldest first; every day is there, the last is today. */
  @ApiProperty({ type: [DayOfJobsDto] })
  days: DayOfJobsDto[];

  static from(days: readonly DayOfJobs[]): JobStatisticsDto {
    return { days: days.map(({ date, submitted, succeeded, failed }) => ({ date, submitted, succeeded, failed })) };
  }
}
