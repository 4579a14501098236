import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** `operator`: everything; `partner_admin`: one partner with all its tenants; `staff`: one tenant. */
export type Role = 'operator' | 'partner_admin' | 'staff';

/** What a user may do. A user has any number of roles, each once for what it is about. */
@Entity('user_role')
export class UserRole {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('bigint')
  userId: string;

  @Column('text')
  role: Role;

  /** null: of an operator, who has every partner. */
  @Column('bigint', { nullable: true })
  partnerId: string | null;

  /** null but for staff. */
  @Column('bigint', { nullable: true })
  tenantId: string | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
