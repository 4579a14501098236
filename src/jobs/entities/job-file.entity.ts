import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One input file of a job. `size`, `etag`, `versionId` and `sha256` are what was found in the object store at the start. */
@Entity('job_file')
export class JobFile {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('bigint')
  jobId: string;

  @Column('text')
  envVar: string;

  /** For people; the object's key is the service's own. */
  @Column('text')
  name: string;

  @Column('text', { unique: true })
  objectKey: string;

  @Column('bigint', { nullable: true })
  declaredSize: string | null;

  @Column('text', { nullable: true })
  declaredSha256: string | null;

  @Column('bigint', { nullable: true })
  size: string | null;

  @Column('text', { nullable: true })
  etag: string | null;

  @Column('text', { nullable: true })
  versionId: string | null;

  @Column('text', { nullable: true })
  sha256: string | null;
}
