import type { OdsConnection } from '../../../api/admin';

export interface ConnectionYear {
  readonly schoolYear: string;
  /** Of the tenant; a connection stays when its year is taken away. */
  readonly enabled: boolean;
  readonly connection: OdsConnection | null;
}

/** The school years of a tenant that have a connection or can have one, the newest first. */
export function yearsOf(enabled: readonly string[], connections: readonly OdsConnection[]): ConnectionYear[] {
  const byYear = new Map(connections.map((connection) => [connection.schoolYear, connection]));
  return [...new Set([...enabled, ...byYear.keys()])]
    .sort()
    .reverse()
    .map((schoolYear) => ({ schoolYear, enabled: enabled.includes(schoolYear), connection: byYear.get(schoolYear) ?? null }));
}
