import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface TenantDetails {
  readonly partner: { readonly code: string; readonly name: string };
  readonly tenant: { readonly code: string; readonly name: string };
  /** The years in which they end, newest first, as `2026`. */
  readonly schoolYears: readonly string[];
}

/** What somebody who works for a tenant has to know of it. */
@Injectable()
export class TenantDetailsService {
  constructor(private readonly db: DataSource) {}

  /** null where the partner has no such tenant. */
  async find(partner: string, tenant: string): Promise<TenantDetails | null> {
    const rows: TenantDetails[] = await this.db.query(
      `SELECT json_build_object('code', partner.code, 'name', partner.name) AS partner,
              json_build_object('code', tenant.code, 'name', tenant.name) AS tenant,
              (SELECT coalesce(json_agg(to_char(y.end_year, 'FM0000') ORDER BY y.end_year DESC), '[]')
                 FROM tenant_school_year y WHERE y.tenant_id = tenant.id) AS "schoolYears"
         FROM tenant JOIN partner ON partner.id = tenant.partner_id
        WHERE partner.code = $1 AND tenant.code = $2`,
      [partner, tenant],
    );
    return rows[0] ?? null;
  }
}
