import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsInt, Max, Min } from 'class-validator';
import type { UploadedPart } from '../../../files/file.service';

/** What a page signs at once is a fraction of it. */
const MAX_SIGNED_PARTS = 100;
const MAX_PART_NUMBER = 10_000;

export class UploadBegunDto {
  /** Names the upload in the paths of the other operations. */
  @ApiProperty({ example: '0b1f6c3e9a' })
  uploadId: string;

  /** Bytes of every part but the last, which has the rest. */
  @ApiProperty({ type: 'integer', example: 5_242_880 })
  partSize: number;
}

export class SignPartsDto {
  /** Of the parts to upload next, from 1, each once. */
  @ApiProperty({ type: 'array', items: { type: 'integer', minimum: 1, maximum: MAX_PART_NUMBER }, example: [1, 2] })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_SIGNED_PARTS)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(MAX_PART_NUMBER, { each: true })
  numbers: number[];
}

export class PartUrlsDto {
  /** Presigned, by the parts' numbers: PUT the part's bytes there, exactly as many as it has. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', format: 'uri' },
    example: { 1: 'https://s3.example.org/slipway/inputs/…?partNumber=1&X-Amz-Signature=…' },
  })
  urls: Record<string, string>;

  static from(urls: ReadonlyMap<number, string>): PartUrlsDto {
    return { urls: Object.fromEntries(urls) };
  }
}

export class UploadedPartDto {
  @ApiProperty({ type: 'integer', example: 1 })
  number: number;

  /** Bytes. */
  @ApiProperty({ type: 'integer', example: 5_242_880 })
  size: number;

  /** As the object store gave it. */
  @ApiProperty({ example: '"9e107d9d372bb6826bd81d3542a419d6"' })
  etag: string;
}

export class UploadedPartsDto {
  @ApiProperty({ type: [UploadedPartDto] })
  parts: UploadedPartDto[];

  static from(parts: readonly UploadedPart[]): UploadedPartsDto {
    return { parts: parts.map(({ number, size, etag }) => ({ number, size, etag })) };
  }
}
