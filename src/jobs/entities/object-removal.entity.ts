import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Objects that are to be removed from the object store, versions and all. */
@Entity('object_removal')
export class ObjectRemoval {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('text')
  keyPrefix: string;

  @Column('timestamptz')
  dueAt: Date;
}
