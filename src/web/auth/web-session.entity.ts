import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A browser's session, as connect-pg-simple keeps it. There is one only where somebody is signed in. */
@Entity('web_session')
export class WebSession {
  @PrimaryColumn('text')
  sid: string;

  /** `SessionData` of express-session. */
  @Column('jsonb')
  sess: object;

  @Column('timestamptz')
  expire: Date;
}
