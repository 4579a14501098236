import { Entity, PrimaryColumn } from 'typeorm';

/** A bundle that a partner may use, by its path in the registry. */
@Entity('partner_bundle')
export class PartnerBundle {
  @PrimaryColumn('bigint')
  partnerId: string;

  @PrimaryColumn('text')
  bundlePath: string;
}
