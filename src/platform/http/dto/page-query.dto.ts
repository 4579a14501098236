import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const DEFAULT_LIMIT = 50;

/** Which page of a list is asked for. */
export class PageQueryDto {
  /** How many items a page has at most. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: DEFAULT_LIMIT })
  @IsOptional()
  @Matches(/^([1-9]\d?|1\d\d|200)$/, { message: 'limit must be a whole number from 1 to 200' })
  limit?: string;

  /** The `nextCursor` of an earlier answer to the same filters. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(/^.{1,1024}$/, { message: 'cursor must be the nextCursor of an earlier answer' })
  cursor?: string;

  get pageSize(): number {
    return Number(this.limit ?? DEFAULT_LIMIT);
  }
}
