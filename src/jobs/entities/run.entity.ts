import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { RunStatus } from '../job-status';
import type { RunError } from '../run-report';

/** One execution of a job's bundle. A takeover after a crash raises `attempt`; only a retry adds a run. */
@Entity('run')
export class Run {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('bigint')
  jobId: string;

  /** From 1 within the job. */
  @Column('integer')
  number: number;

  @Column('text')
  status: RunStatus;

  @Column('integer')
  attempt: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;

  @Column('jsonb', { nullable: true })
  error: RunError | null;
}
