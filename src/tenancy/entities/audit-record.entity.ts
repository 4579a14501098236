import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { AuditAction, AuditState } from '../audit';

/** Who changed what in the administration; only ever added to. */
@Entity('audit_record')
export class AuditRecord {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @CreateDateColumn({ type: 'timestamptz' })
  at: Date;

  /** Who did it. */
  @Column('bigint')
  userId: string;

  @Column('text')
  action: AuditAction;

  @Column('bigint', { nullable: true })
  partnerId: string | null;

  @Column('bigint', { nullable: true })
  tenantId: string | null;

  @Column('smallint', { nullable: true })
  endYear: number | null;

  /** To whom it was done. */
  @Column('bigint', { nullable: true })
  subjectUserId: string | null;

  @Column('jsonb', { nullable: true })
  before: AuditState | null;

  @Column('jsonb', { nullable: true })
  after: AuditState | null;
}
