import { ApiProperty } from '@nestjs/swagger';
import type { OutputSetView } from '../../../jobs/output-set.queries';

/** One file that a run made. */
export class OutputFileDto {
  /** Named after the Ed-Fi resource. */
  @ApiProperty({ example: 'studentAssessments.jsonl' })
  name: string;

  /** Bytes. */
  @ApiProperty({ type: 'integer', example: 918273 })
  size: number;

  @ApiProperty({ type: 'integer', example: 412 })
  records: number;

  /** Since when it is no longer kept; null while it is. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  removedAt: string | null;
}

/** What one successful run made. */
export class OutputSetDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c3-1f42-7d0a-8a3e-5c6b7d8e9f00' })
  uid: string;

  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  jobUid: string;

  @ApiProperty({ example: 'demo' })
  partner: string;

  @ApiProperty({ example: 'north' })
  tenant: string;

  @ApiProperty({ example: '2026' })
  schoolYear: string;

  @ApiProperty({ example: 'assessments/Harbor_Reading' })
  bundle: string;

  @ApiProperty({ example: 'f8967a1f0c2d4e5b8a9f0e1d2c3b4a5968778695' })
  bundleVersion: string;

  @ApiProperty({ type: [OutputFileDto] })
  files: OutputFileDto[];

  /** Whether it was delivered to the tenant's ODS. */
  @ApiProperty({ example: false })
  sentToOds: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:31:08.100Z' })
  createdAt: string;

  static from(set: OutputSetView): OutputSetDto {
    const { files, removedAt, createdAt, ...rest } = set;
    const removed = removedAt?.toISOString() ?? null;
    return { ...rest, files: files.map((file) => ({ ...file, removedAt: removed })), createdAt: createdAt.toISOString() };
  }
}

/** A page of output sets, oldest first. */
export class OutputSetListDto {
  @ApiProperty({ type: [OutputSetDto] })
  items: OutputSetDto[];

  /** For the next page; given at the end too: asking with it later gives each set that was added since, once. */
  @ApiProperty({ example: 'b0ZkS1pYc2RmZ2hqazEyMzQ1Ng' })
  nextCursor: string;

  /** Whether there is a next page already. */
  @ApiProperty({ example: false })
  hasMore: boolean;
}

/** Where to download the files of an output set. */
export class DownloadLinksDto {
  /** By file name. Whoever has a link has the file. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', format: 'uri' },
    example: { 'studentAssessments.jsonl': 'https://s3.example.org/…' },
  })
  downloadLinks: Record<string, string>;

  /** Until when the links work. */
  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:46:08.100Z' })
  expiresAt: string;
}
