import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A secret that an endpoint's messages are signed with. */
@Entity('webhook_secret')
export class WebhookSecret {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('bigint')
  endpointId: string;

  /** Encrypted; see `webhook-secret.ts`. */
  @Column('text')
  secret: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  /** null: the current one. */
  @Column('timestamptz', { nullable: true })
  expiresAt: Date | null;
}
