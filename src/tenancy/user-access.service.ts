import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { recordSignIn, type SignedInUser } from './sign-in.queries';
import { judgeAccess, type AccessNeeded, type AccessResult } from './user-access';
import {
  findReachableTenants,
  findUserForAccess,
  findUserOverview,
  type FoundUser,
  type ReachableTenant,
  type TenantPosition,
  type UserOverview,
} from './user-access.queries';

const CODE = /^[A-Za-z0-9._-]{1,64}$/;
/** No code has it, so it divides two. */
const DIVIDER = '/';

/** What people on the web page may reach. */
@Injectable()
export class UserAccessService {
  constructor(private readonly db: DataSource) {}

  /** Whether a user may reach what a request is about. One statement. Codes may be any text. */
  async check(userId: string, needed: AccessNeeded): Promise<AccessResult> {
    const codes = {
      partner: 'partner' in needed && CODE.test(needed.partner) ? needed.partner : null,
      tenant: 'tenant' in needed && CODE.test(needed.tenant) ? needed.tenant : null,
    };
    return judgeAccess(await findUserForAccess(this.db, userId, codes), needed);
  }

  /**
   * Records that somebody signed in, and what their issuer calls them now; null leaves what was known. Somebody who was not known
   * waits to be admitted.
   */
  recordSignIn(user: SignedInUser): Promise<{ id: string }> {
    return recordSignIn(this.db, user);
  }

  /** A user, admitted or not; null where there is none. */
  find(userId: string): Promise<FoundUser | null> {
    return findUserForAccess(this.db, userId, {});
  }

  overview(userId: string): Promise<UserOverview> {
    return findUserOverview(this.db, userId);
  }

  /**
   * A page of the tenants that a user reaches, by code.
   *
   * @param search what a code or name has in it, in any case; null: whatever.
   * @param position where the page begins; null: at the first. @returns also where the next begins; null: there is none.
   */
  async listTenants(
    userId: string,
    search: string | null,
    position: string | null,
    limit: number,
  ): Promise<{ items: readonly ReachableTenant[]; position: string | null }> {
    const rows = await findReachableTenants(this.db, userId, { search, after: parse(position), limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, position: last && rows.length > limit ? `${last.partner.code}${DIVIDER}${last.tenant.code}` : null };
  }
}

function parse(position: string | null): TenantPosition | null {
  const [partner = '', tenant = ''] = position?.split(DIVIDER) ?? [];
  return position === null ? null : { partner, tenant };
}
