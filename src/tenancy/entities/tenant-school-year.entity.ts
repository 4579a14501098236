import { Entity, PrimaryColumn } from 'typeorm';

/** A school year for which a tenant may submit jobs. */
@Entity('tenant_school_year')
export class TenantSchoolYear {
  @PrimaryColumn('bigint')
  tenantId: string;

  @PrimaryColumn('smallint')
  endYear: number;
}
