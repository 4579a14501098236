import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** `waiting`: has signed in, or was named, but no operator has admitted them. */
export type UserState = 'waiting' | 'admitted' | 'disabled';

/** A person who works on the web page, as their issuer names them. */
@Entity('app_user')
@Unique(['issuer', 'subject'])
export class AppUser {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('text')
  issuer: string;

  @Column('text')
  subject: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  email: string | null;

  @Column('text', { default: 'waiting' })
  state: UserState;

  @Column('timestamptz', { nullable: true })
  lastSignInAt: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
