import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A version of a bundle whose files are in the object store, where workers fetch them. */
@Entity('bundle_snapshot')
export class BundleSnapshot {
  @PrimaryColumn('text')
  bundlePath: string;

  @PrimaryColumn('text')
  bundleVersion: string;

  @Column('text')
  objectKey: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
