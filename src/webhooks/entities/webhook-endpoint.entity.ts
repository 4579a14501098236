import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { WebhookDisabledReason, WebhookEventType } from '../webhook-events';

/** Where a partner's client wants to be told what becomes of the partner's jobs. */
@Entity('webhook_endpoint')
export class WebhookEndpoint {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('bigint')
  partnerId: string;

  @Column('text')
  clientIssuer: string;

  @Column('text')
  clientId: string;

  @Column('text')
  url: string;

  @Column('text', { array: true })
  eventTypes: WebhookEventType[];

  /** null: enabled. A deleted one stays until its deliveries are out of the log. */
  @Column('text', { nullable: true })
  disabledReason: WebhookDisabledReason | 'deleted' | null;

  @Column('timestamptz', { nullable: true })
  failingSince: Date | null;

  @Column('timestamptz', { nullable: true })
  pausedUntil: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
