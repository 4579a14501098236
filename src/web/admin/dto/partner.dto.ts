import { ApiProperty } from '@nestjs/swagger';
import { IsCode } from '../../../platform/http/dto/field-rules';
import type { PartnerView } from '../../../tenancy/partners.service';
import { IsDisplayName } from './admin-fields';

/** A new partner. */
export class CreatePartnerDto {
  /** Stays for ever: tokens name the partner by it (`partner:<code>`). */
  @ApiProperty({ example: 'demo' })
  @IsCode()
  code: string;

  @ApiProperty({ example: 'Demo partner' })
  @IsDisplayName()
  name: string;
}

/** What is to change of a partner. */
export class RenamePartnerDto {
  @ApiProperty({ example: 'Demo partner' })
  @IsDisplayName()
  name: string;
}

/** A partner as its administrators see it. */
export class AdminPartnerDto {
  @ApiProperty({ example: 'demo' })
  code: string;

  @ApiProperty({ example: 'Demo partner' })
  name: string;

  /** How many tenants it has. */
  @ApiProperty({ type: 'integer', example: 2 })
  tenants: number;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  createdAt: string;

  /** For `If-Match` when it is changed. */
  @ApiProperty({ example: '"5e884898da28047151d0e56f8dc62927"' })
  etag: string;

  static from({ code, name, tenants, createdAt, etag }: PartnerView): AdminPartnerDto {
    return { code, name, tenants, createdAt: createdAt.toISOString(), etag };
  }
}

/** A page of partners, by code. */
export class AdminPartnerListDto {
  @ApiProperty({ type: [AdminPartnerDto] })
  items: AdminPartnerDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor: string | null;

  @ApiProperty({ example: false })
  hasMore: boolean;
}
