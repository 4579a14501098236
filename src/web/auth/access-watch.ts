import { Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import { closedSignal } from '../../platform/http/event-stream';
import { UserAccessService } from '../../tenancy/user-access.service';
import type { PathTenant } from './current.decorator';
import { isSessionOpen } from './web-session.queries';

/** How often it is looked whether an open stream may go on; a session that ended ends it in less than a minute. */
const CHECK_MS = 20_000;

/** Watches, for answers that go on for long, whether whoever asked may still have them. */
@Injectable()
export class AccessWatch {
  private readonly logger = new Logger(AccessWatch.name);

  constructor(
    private readonly db: DataSource,
    private readonly users: UserAccessService,
  ) {}

  /**
   * A signal that aborts when the request's session has ended, or its user no longer reaches the tenant. It looks until the response is
   * closed.
   */
  ended(request: Request, response: Response, tenant: PathTenant, checkMs = CHECK_MS): AbortSignal {
    const closed = closedSignal(response);
    // Its reader may have gone while it was asked who that is; nothing would ever stop the looking then.
    if (closed.aborted) return closed;
    const ended = new AbortController();
    const timer = setInterval(() => {
      this.isAllowed(request, tenant).then(
        (allowed) => allowed || ended.abort(),
        // Whoever cannot be looked for now is looked for again.
        (error: unknown) => this.logger.warn({ err: error }, 'the session of an open stream could not be looked for'),
      );
    }, checkMs).unref();
    const stop = (): void => clearInterval(timer);
    closed.addEventListener('abort', stop, { once: true });
    ended.signal.addEventListener('abort', stop, { once: true });
    return ended.signal;
  }

  private async isAllowed({ sessionID, session }: Request, { partner, tenant }: PathTenant): Promise<boolean> {
    const { signIn } = session;
    if (!signIn) return false;
    if (!(await isSessionOpen(this.db, sessionID))) return false;
    return (await this.users.check(signIn.userId, { kind: 'tenant', partner, tenant })).kind === 'allowed';
  }
}
