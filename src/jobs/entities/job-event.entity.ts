import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { JobEventType } from '../job-events';

/** One entry of a job's history. */
@Entity('job_event')
export class JobEvent {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('bigint')
  jobId: string;

  @Column('bigint', { nullable: true })
  runId: string | null;

  @Column('text')
  type: JobEventType;

  @Column('timestamptz')
  at: Date;

  /** Who brought it about on the web page; null: an API client or Slipway itself did. */
  @Column('bigint', { nullable: true })
  byUserId: string | null;

  /** What API clients are shown of it, too: never a person. */
  @Column('jsonb')
  data: Record<string, unknown>;
}
