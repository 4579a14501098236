import { ApiProperty } from '@nestjs/swagger';
import type { DownloadLinks } from '../../../jobs/sign-downloads';

/** Where to download files of a job. */
export class JobLinksDto {
  /** By env_var for inputs, by name for outputs. Whoever has a link has the file. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', format: 'uri' },
    example: { 'studentAssessments.jsonl': 'https://s3.example.org/…' },
  })
  downloadLinks: Record<string, string>;

  /** Until when the links work. */
  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:46:08.100Z' })
  expiresAt: string;

  static from({ links, expiresAt }: DownloadLinks): JobLinksDto {
    return { downloadLinks: Object.fromEntries(links), expiresAt: expiresAt.toISOString() };
  }
}
