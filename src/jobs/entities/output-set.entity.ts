import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What one successful run made. Partner, tenant, year and bundle are the job's, repeated for the list's indexes. */
@Entity('output_set')
export class OutputSet {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('bigint', { unique: true })
  runId: string;

  @Column('bigint')
  jobId: string;

  @Column('bigint')
  partnerId: string;

  @Column('bigint')
  tenantId: string;

  @Column('smallint')
  schoolYear: number;

  @Column('text')
  bundlePath: string;

  @Column('text')
  bundleVersion: string;

  @Column('boolean')
  sentToOds: boolean;

  @Column('timestamptz')
  createdAt: Date;

  /** From then on the set's files are no longer available. */
  @Column('timestamptz', { nullable: true })
  removedAt: Date | null;
}
