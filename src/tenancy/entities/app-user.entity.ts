import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

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

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
