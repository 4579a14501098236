import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One file of an output set. */
@Entity('output_file')
export class OutputFile {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('bigint')
  outputSetId: string;

  /** The destination's name with its extension, e.g. `studentAssessments.jsonl`. */
  @Column('text')
  name: string;

  @Column('text', { unique: true })
  objectKey: string;

  @Column('text', { nullable: true })
  versionId: string | null;

  @Column('bigint')
  size: string;

  @Column('bigint')
  records: string;
}
