import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A logout token that has been used, remembered until it could not be used again anyway. */
@Entity('used_logout_token')
export class UsedLogoutToken {
  @PrimaryColumn('text')
  issuer: string;

  @PrimaryColumn('text')
  jti: string;

  @Column('timestamptz')
  expiresAt: Date;
}
