import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import connectPgSimple from 'connect-pg-simple';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import session, { type SessionData, type SessionOptions } from 'express-session';
import { promisify } from 'node:util';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { WebSettings } from '../../platform/config/settings';
import { cookieNames } from './cookie-names';
import { isUnattended } from './unattended';
import { endOldSessions, lengthenSession } from './web-session.queries';

/** Who is signed in, and since when; nothing of what they may do, which is looked up for each request. */
export interface SignIn {
  /** `app_user.id`. */
  readonly userId: string;
  readonly issuer: string;
  readonly subject: string;
  /** The issuer's own session (OpenID Connect Back-Channel Logout 1.0 §2.1); null where the issuer does not name it. */
  readonly sid: string | null;
  /** The ID token, encrypted: the issuer wants it back at the logout. */
  readonly idToken: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

declare module 'express-session' {
  interface SessionData {
    signIn: SignIn;
  }
}

const PostgresStore = connectPgSimple(session);

/** The application's own pool; TypeORM's type of its driver is not exported. */
const poolOf = (db: DataSource): Pool => (db.driver as unknown as { master: Pool }).master;
const TABLE = 'web_session';

/** The rows of sessions, of which the library forgets those that are over. */
class SessionStore extends PostgresStore {
  constructor(
    private readonly db: DataSource,
    private readonly maxMs: number,
    private readonly gainMs: number,
    onPruneError: (error: unknown) => void,
  ) {
    super({ pool: poolOf(db), tableName: TABLE, errorLog: (...details: unknown[]) => onPruneError(details.at(-1)) });
  }

  /**
   * Called at the end of an answer with the time that was right at its beginning. A stream's was an hour ago, so unlike the library's
   * own this takes back nothing of what later requests have lengthened.
   */
  override touch(sid: string, { cookie, signIn }: SessionData, done: (error?: unknown) => void = () => undefined): void {
    if (!cookie.expires) return done(new Error('the cookie of a session has no end'));
    const atMost = new Date(signIn.startedAt + this.maxMs);
    lengthenSession(this.db, sid, { until: cookie.expires, atMost, gainMs: this.gainMs }).then(() => done(), done);
  }
}

const MINUTE_MS = 60_000;
/** Of the idle time: by how much a session may end too early, so that who clicks often does not write a row with each click. */
const TOUCH_SHARE = 1 / 60;
const HOUR_MS = 3_600_000;
/** Of one user: more than anybody has devices, and a bound for what one who signs in again and again leaves in the database. */
const MAX_SESSIONS = 20;

/**
 * The sessions of browsers: a signed cookie with an id that cannot be guessed, and a row in Postgres, so that a session that was
 * ended has ended in every process. One is made at the sign-in and not before.
 */
@Injectable()
export class WebSessions implements OnModuleDestroy {
  private readonly logger = new Logger(WebSessions.name);
  private readonly store: SessionStore;
  private readonly load: RequestHandler;
  private readonly loadUnattended: RequestHandler;
  private readonly idleMs: number;
  private readonly maxMs: number;

  constructor(
    settings: WebSettings,
    private readonly db: DataSource,
  ) {
    this.idleMs = settings.sessionIdleMinutes * MINUTE_MS;
    this.maxMs = settings.sessionMaxHours * HOUR_MS;
    this.store = new SessionStore(db, this.maxMs, this.idleMs * TOUCH_SHARE, (error) =>
      this.logger.warn({ err: error }, 'expired sessions could not be removed'),
    );
    const names = cookieNames(settings);
    const options: SessionOptions = {
      name: names.session,
      secret: [...settings.sessionSecrets],
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure: names.isSecure, path: '/', maxAge: this.idleMs },
    };
    this.load = session({ ...options, store: this.store, rolling: true });
    // The same sessions, of which neither the row nor the cookie comes to last longer.
    const untouched = new PostgresStore({ pool: poolOf(db), tableName: TABLE, disableTouch: true, pruneSessionInterval: false });
    this.loadUnattended = session({ ...options, store: untouched, rolling: false });
  }

  onModuleDestroy(): void {
    this.store.close();
  }

  /**
   * Loads the session that the request's cookie names, or gives it an empty one that is not kept. With the answer it comes to last for
   * the idle time from now on, unless no person asked.
   */
  readonly middleware = (request: Request, response: Response, next: NextFunction): void => {
    // TLS may end before us; that browsers reach us by it is known from WEB_BASE_URL, and not from what a header says.
    if (!request.secure) Object.defineProperty(request, 'secure', { value: true });
    const load = isUnattended(request) ? this.loadUnattended : this.load;
    void load(request, response, (error?: unknown) => (error === undefined ? this.limit(request, next) : next(error)));
  };

  /** Ends a session that has lasted for long enough, and lets no other last longer than that. */
  private limit({ session: current }: Request, next: NextFunction): void {
    if (!current.signIn) return next();
    const leftMs = current.signIn.startedAt + this.maxMs - Date.now();
    if (leftMs <= 0) return void current.regenerate(next);
    current.cookie.maxAge = Math.min(this.idleMs, leftMs);
    next();
  }

  /**
   * Signs somebody in under a new session id, so that an id which somebody else knows is worth nothing (session fixation). Where they have
   * too many sessions, the oldest ends.
   *
   * @param signInFor makes what is kept of it, given the id of the session that it is kept in.
   */
  async begin(request: Request, signInFor: (sessionId: string) => Omit<SignIn, 'startedAt'>): Promise<void> {
    await promisify((done: (error?: unknown) => void) => request.session.regenerate(done))();
    const signIn = { ...signInFor(request.sessionID), startedAt: Date.now() };
    request.session.signIn = signIn;
    await promisify((done: (error?: unknown) => void) => request.session.save(done))();
    await endOldSessions(this.db, signIn, MAX_SESSIONS);
  }

  /** Ends the request's session, here and in the database. */
  async end(request: Request): Promise<void> {
    await promisify((done: (error?: unknown) => void) => request.session.destroy(done))();
  }
}
