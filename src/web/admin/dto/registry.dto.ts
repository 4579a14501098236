import { ApiProperty } from '@nestjs/swagger';
import type { RegistryState } from '../../../bundles/bundle-registry.service';

const STATUSES = ['loading', 'ready', 'stale', 'unavailable'] as const satisfies readonly RegistryState['status'][];

/** How the bundle registry does, as the web process that answers knows it. */
export class RegistryDto {
  /** As configured, without credentials. */
  @ApiProperty({ example: 'https://git.example.org/bundles.git#main' })
  source: string;

  /** `loading`: it is read for the first time. `stale`: the last good one serves. `unavailable`: there was never a good one. */
  @ApiProperty({ enum: STATUSES, example: 'ready' })
  status: RegistryState['status'];

  /** Of what serves now. */
  @ApiProperty({ type: 'string', nullable: true, example: '4f3cdf1f0c9a' })
  version: string | null;

  /** How many bundles it has. */
  @ApiProperty({ type: 'integer', example: 12 })
  bundles: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:30:00.000Z' })
  lastRefreshAt: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:30:00.000Z' })
  lastSuccessAt: string | null;

  /** Everything that was wrong at the last refresh; empty where it succeeded. */
  @ApiProperty({ type: [String], example: [] })
  problems: string[];

  static from(state: RegistryState, bundles: number): RegistryDto {
    const { source, status, version, lastRefreshAt, lastSuccessAt, problems } = state;
    return { source, status, version, bundles, lastRefreshAt, lastSuccessAt, problems: [...problems] };
  }
}
