import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { WebhookDeliveryStatus, WebhookErrorCode, WebhookPayload } from '../webhook-events';

/** One message to one endpoint: in the queue until it is final, and in the log after that. */
@Entity('webhook_delivery')
export class WebhookDelivery {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('uuid')
  messageUid: string;

  @Column('bigint')
  endpointId: string;

  @Column('text')
  eventType: WebhookPayload['type'];

  @Column('uuid', { nullable: true })
  jobUid: string | null;

  @Column('json')
  payload: WebhookPayload;

  @Column('text')
  status: WebhookDeliveryStatus;

  @Column('integer')
  attempts: number;

  /** null: there will be none. While an attempt is under way: when it counts as lost. */
  @Column('timestamptz', { nullable: true })
  nextAttemptAt: Date | null;

  @Column('timestamptz', { nullable: true })
  lastAttemptAt: Date | null;

  @Column('smallint', { nullable: true })
  responseStatus: number | null;

  @Column('integer', { nullable: true })
  durationMs: number | null;

  @Column('text', { nullable: true })
  errorCode: WebhookErrorCode | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;
}
