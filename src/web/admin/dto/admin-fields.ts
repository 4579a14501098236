import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { PageQueryDto } from '../../../platform/http/dto/page-query.dto';

/** What people read and write as one line: no control characters, and more than spaces. */
const ONE_LINE = /^(?=.*\S)[^\p{Cc}]{1,255}$/u;

/** A name for people. */
export const IsDisplayName = (): PropertyDecorator =>
  applyDecorators(
    Matches(ONE_LINE, { message: '$property must be a name of 1 to 255 characters' }),
    ApiProperty({ minLength: 1, maxLength: 255 }),
  );

/** A page of a list in which people look for something. */
export class SearchQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ maxLength: 255, description: 'A part of a name or code, in any case.' })
  @IsOptional()
  @Matches(/^[^\p{Cc}]{0,255}$/u, { message: 'search must be a text of at most 255 characters' })
  search?: string;

  /** null: everything. */
  get searchText(): string | null {
    return this.search?.trim() || null;
  }
}
