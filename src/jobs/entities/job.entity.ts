import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { JobStatus } from '../job-status';
import type { RunError, StoredRunProgress } from '../run-report';

/** One submission: which tenant's files are to be turned into which bundle's outputs. */
@Entity('job')
export class Job {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('bigint')
  partnerId: string;

  @Column('bigint')
  tenantId: string;

  @Column('smallint')
  schoolYear: number;

  @Column('text')
  bundlePath: string;

  /** The registry version (commit or content hash) that the input was validated against; the run uses the same. */
  @Column('text')
  bundleVersion: string;

  /** As given, without those that the service adds. */
  @Column('jsonb')
  params: Record<string, string>;

  @Column('text')
  status: JobStatus;

  @Column('bigint', { nullable: true })
  createdByUserId: string | null;

  @Column('text', { nullable: true })
  clientIssuer: string | null;

  @Column('text', { nullable: true })
  clientId: string | null;

  @Column('text', { nullable: true })
  clientName: string | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  /** When the job expires if it is never started. */
  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;

  /** From then on the input files are no longer available. */
  @Column('timestamptz', { nullable: true })
  inputsRemovedAt: Date | null;

  /** The trace of the job's creation, where there was one; its runs continue it. */
  @Column('text', { nullable: true })
  traceparent: string | null;

  @Column('jsonb', { nullable: true })
  progress: StoredRunProgress | null;

  @Column('jsonb', { nullable: true })
  error: RunError | null;

  /** Since when a person has marked the failed job as dealt with. */
  @Column('timestamptz', { nullable: true })
  resolvedAt: Date | null;

  @Column('bigint', { nullable: true })
  resolvedByUserId: string | null;
}
