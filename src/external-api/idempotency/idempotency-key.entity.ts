import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A request that must not happen twice, by the key that its client gave it. */
@Entity('idempotency_key')
export class IdempotencyKey {
  @PrimaryColumn('text')
  issuer: string;

  @PrimaryColumn('text')
  clientId: string;

  @PrimaryColumn('text')
  key: string;

  /** Method and path. */
  @Column('text')
  operation: string;

  @Column('bytea')
  bodySha256: Buffer;

  /** Names the request that holds the key. */
  @Column('uuid')
  claim: string;

  /** Without URLs; null while the request is under way. */
  @Column('jsonb', { nullable: true })
  answer: object | null;

  /** From then on the key is free. */
  @Column('timestamptz')
  expiresAt: Date;
}
