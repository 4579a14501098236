import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, Matches } from 'class-validator';
import { IsCode } from '../../../platform/http/dto/field-rules';
import type { ProblemDetail } from '../../../platform/problem/problem';
import type { TenantView } from '../../../tenancy/tenants.service';
import { IsDisplayName } from './admin-fields';

/** Ed-Fi has no older data, and nobody plans further ahead. */
const [FIRST_YEAR, LAST_YEAR] = [1900, 2200];
const MAX_SCHOOL_YEARS = 100;

export const toSchoolYear = (endYear: number): string => String(endYear).padStart(4, '0');

/** A new tenant. */
export class CreateTenantDto {
  /** Stays for ever: programs name the tenant by it. */
  @ApiProperty({ example: 'north' })
  @IsCode()
  code: string;

  @ApiProperty({ example: 'North District' })
  @IsDisplayName()
  name: string;
}

/** What is to change of a tenant. */
export class RenameTenantDto {
  @ApiProperty({ example: 'North District' })
  @IsDisplayName()
  name: string;
}

/** For which school years a tenant may submit jobs. */
export class SetSchoolYearsDto {
  /** All of them, each by the year in which it ends. */
  @ApiProperty({ type: [String], maxItems: MAX_SCHOOL_YEARS, example: ['2025', '2026'] })
  @Matches(/^[0-9]{4}$/, { each: true, message: 'schoolYears must be strings of four digits' })
  @ArrayUnique({ message: 'schoolYears must not have one twice' })
  @ArrayMaxSize(MAX_SCHOOL_YEARS, { message: `schoolYears must be at most ${MAX_SCHOOL_YEARS}` })
  @IsArray({ message: 'schoolYears must be an array' })
  schoolYears: string[];

  shapeFaults(): ProblemDetail[] {
    const given: unknown = this.schoolYears;
    if (!Array.isArray(given)) return [];
    return given.flatMap((year: unknown, index) =>
      /^[0-9]{4}$/.test(String(year)) && (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR)
        ? [
            {
              pointer: `/schoolYears/${index}`,
              code: 'invalid_request' as const,
              detail: `must be a year from ${FIRST_YEAR} to ${LAST_YEAR}`,
            },
          ]
        : [],
    );
  }

  toEndYears(): number[] {
    return this.schoolYears.map(Number);
  }
}

/** A tenant as its administrators see it. */
export class AdminTenantDto {
  @ApiProperty({ example: 'north' })
  code: string;

  @ApiProperty({ example: 'North District' })
  name: string;

  /** For which it may submit jobs, by the years in which they end, in their order. */
  @ApiProperty({ type: [String], example: ['2025', '2026'] })
  schoolYears: string[];

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  createdAt: string;

  /** For `If-Match` when it is changed or its school years are. */
  @ApiProperty({ example: '"5e884898da28047151d0e56f8dc62927"' })
  etag: string;

  static from({ code, name, schoolYears, createdAt, etag }: TenantView): AdminTenantDto {
    return { code, name, schoolYears: schoolYears.map(toSchoolYear), createdAt: createdAt.toISOString(), etag };
  }
}

/** A page of tenants, by code. */
export class AdminTenantListDto {
  @ApiProperty({ type: [AdminTenantDto] })
  items: AdminTenantDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor: string | null;

  @ApiProperty({ example: false })
  hasMore: boolean;
}
