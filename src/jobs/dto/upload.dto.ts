import { ApiProperty } from '@nestjs/swagger';
import type { PresignedUpload } from '../../files/file.service';

/** How to upload one file. */
export class UploadDto {
  /** Of HTTP. */
  @ApiProperty({ enum: ['PUT'], example: 'PUT' })
  method: 'PUT';

  /** Presigned; whoever has it may upload this file. */
  @ApiProperty({ format: 'uri', example: 'https://s3.example.org/slipway/inputs/…?X-Amz-Signature=…' })
  url: string;

  /** To be sent as they are; empty where a bare `curl -T` works. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: {} })
  headers: Record<string, string>;

  /** Until when the URL works. */
  @ApiProperty({ format: 'date-time', example: '2026-01-12T10:30:00.000Z' })
  expiresAt: string;

  static from(upload: PresignedUpload): UploadDto {
    return { method: upload.method, url: upload.url, headers: { ...upload.headers }, expiresAt: upload.expiresAt.toISOString() };
  }
}

/** For documents: the uploads of a job with one file. */
export const EXAMPLE_UPLOADS: Readonly<Record<string, UploadDto>> = {
  INPUT_FILE: {
    method: 'PUT',
    url: 'https://s3.example.org/slipway/inputs/…?X-Amz-Signature=…',
    headers: {},
    expiresAt: '2026-01-12T10:30:00.000Z',
  },
};
