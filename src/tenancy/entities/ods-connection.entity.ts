import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique, UpdateDateColumn } from 'typeorm';

/** The Ed-Fi API of a tenant for one school year, and what Slipway is known by there. */
@Entity('ods_connection')
@Unique(['tenantId', 'endYear'])
export class OdsConnection {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid', { unique: true })
  uid: string;

  @Column('bigint')
  tenantId: string;

  @Column('smallint')
  endYear: number;

  @Column('text')
  baseUrl: string;

  /** Key and secret, encrypted (`ods-credentials.ts`). */
  @Column('text')
  credentials: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt: Date;
}
