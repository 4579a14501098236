import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, Matches } from 'class-validator';

const MAX_BUNDLES = 1_000;

/** Which bundles a partner may use. */
export class SetPartnerBundlesDto {
  /** All of them, by their paths. */
  @ApiProperty({ type: [String], maxItems: MAX_BUNDLES, example: ['assessments/Harbor_Reading'] })
  @Matches(/^[^\p{Cc}]{1,255}$/u, { each: true, message: 'bundles must be paths of 1 to 255 characters' })
  @ArrayUnique({ message: 'bundles must not have one twice' })
  @ArrayMaxSize(MAX_BUNDLES, { message: `bundles must be at most ${MAX_BUNDLES}` })
  @IsArray({ message: 'bundles must be an array' })
  bundles: string[];
}

/** A bundle, and whether a partner may use it. */
export class PartnerBundleDto {
  @ApiProperty({ example: 'assessments/Harbor_Reading' })
  path: string;

  /** null: the registry no longer has the bundle. */
  @ApiProperty({ type: 'string', nullable: true, example: 'Harbor Reading' })
  displayName: string | null;

  /** null: the registry no longer has the bundle. */
  @ApiProperty({
    type: 'string',
    nullable: true,
    example: 'sha256-2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  })
  version: string | null;

  @ApiProperty({ example: true })
  enabled: boolean;
}

/** Every bundle of the registry, and those that are enabled and that it no longer has. */
export class PartnerBundleListDto {
  @ApiProperty({ type: [PartnerBundleDto] })
  items: PartnerBundleDto[];

  /** For `If-Match` when they are set. */
  @ApiProperty({ example: '"5e884898da28047151d0e56f8dc62927"' })
  etag: string;
}
