import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit, type Actor, type AuditAction, type AuditState } from './audit';
import { findLastEditor } from './audit.queries';
import type { UserState } from './entities/app-user.entity';
import { matchedTags, type Precondition, type PreconditionFailed } from './entity-tag';
import { toPage, type Page } from './page';
import { describeRoles, findRoleFaults, type RoleFault, type WantedRole } from './roles';
import { findPartnerId } from './tenants.queries';
import {
  findUser,
  findUsers,
  hasOtherOperator,
  insertRoles,
  insertUser,
  lockUser,
  lockUserBySubject,
  readUser,
  replaceRoles,
  resolveRoles,
  updateUserState,
  type LockedUser,
  type NewUser,
  type RoleView,
  type StoredRole,
  type UserFilter,
  type UserPosition,
  type UserView,
} from './users.queries';

export type { NewUser, RoleView, UserFilter, UserView };

/**
 * Whose users somebody administers, and which roles they may give: all, or the staff of one partner's tenants. Within a partner a
 * user has the roles at it and no others, and one without any is not there.
 */
export type UserScope = { readonly kind: 'all' } | { readonly kind: 'partner'; readonly partner: string };

interface UserNotFound {
  kind: 'user_not_found';
}
interface LastOperator {
  kind: 'last_operator';
}
interface RolesRejected {
  kind: 'rejected';
  /** At least one. */
  faults: readonly RoleFault[];
}
export type GetUserResult = { kind: 'found'; user: UserView } | UserNotFound;
export type AddUserResult = { kind: 'saved'; user: UserView } | { kind: 'user_disabled' } | RolesRejected;
export type SetUserStateResult = { kind: 'saved'; user: UserView } | UserNotFound | LastOperator;
export type SetUserRolesResult =
  { kind: 'saved'; user: UserView } | UserNotFound | LastOperator | RolesRejected | PreconditionFailed;

/**
 * Who may sign in, and what they may do. Every request reads both anew, so a change works at once. There is always an operator.
 * A change is written with its audit record, and what changes nothing leaves none.
 */
@Injectable()
export class UsersService {
  constructor(private readonly db: DataSource) {}

  /** A page of at most `limit` users after a position (null: from the beginning), by name. */
  async list(filter: UserFilter, position: string | null, limit: number): Promise<Page<UserView>> {
    const after = position === null ? null : (JSON.parse(position) as UserPosition);
    const rows = await findUsers(this.db, filter, after, limit + 1);
    return toPage(rows, limit, ({ name, id }) => JSON.stringify({ name, id } satisfies UserPosition));
  }

  /** With the roles that the scope has. `uid` must be a UUID. */
  async get(scope: UserScope, uid: string): Promise<GetUserResult> {
    const user = await findUser(this.db, uid, partnerOf(scope));
    return user ? { kind: 'found', user } : { kind: 'user_not_found' };
  }

  /**
   * Admits somebody before they have signed in, or who waits already, and gives them roles beside those that they have. The name
   * is theirs until their issuer says another.
   */
  async add(actor: Actor, scope: UserScope, user: NewUser, wanted: readonly WantedRole[]): Promise<AddUserResult> {
    return this.db.transaction(async (tx): Promise<AddUserResult> => {
      const roles = await resolve(tx, wanted);
      if (roles.kind === 'rejected') return roles;
      const partner = partnerOf(scope);
      const id = await insertUser(tx, user);
      if (id !== null) {
        await insertRoles(tx, id, roles.stored);
        const added = await readUser(tx, id, partner);
        const after = { ...user, state: added.state, roles: describeRoles(added.roles) };
        await audit(tx, actor, 'user.added', scope, id, null, after);
        return { kind: 'saved', user: added };
      }
      const known = await lockUserBySubject(tx, user.issuer, user.subject);
      if (!known) throw new Error('a user is gone');
      if (known.state === 'disabled') return { kind: 'user_disabled' };
      await this.changeState(tx, actor, scope, known, 'admitted');
      const before = await readUser(tx, known.id, partner);
      await insertRoles(tx, known.id, roles.stored);
      return { kind: 'saved', user: await this.auditRoles(tx, actor, scope, known.id, before) };
    });
  }

  /** For operators: a user may belong to several partners. */
  async setState(actor: Actor, uid: string, state: UserState): Promise<SetUserStateResult> {
    return this.db.transaction(async (tx): Promise<SetUserStateResult> => {
      const locked = await lockUser(tx, uid, null);
      if (!locked) return { kind: 'user_not_found' };
      const user = await readUser(tx, locked.id, null);
      if (state !== 'admitted' && isOperating(user) && !(await hasOtherOperator(tx, locked.id))) return { kind: 'last_operator' };
      await this.changeState(tx, actor, { kind: 'all' }, locked, state);
      return { kind: 'saved', user: { ...user, state } };
    });
  }

  /** Gives a user these roles and no others, as far as the scope goes. */
  async setRoles(
    actor: Actor,
    scope: UserScope,
    uid: string,
    wanted: readonly WantedRole[],
    precondition: Precondition,
  ): Promise<SetUserRolesResult> {
    return this.db.transaction(async (tx): Promise<SetUserRolesResult> => {
      const partner = partnerOf(scope);
      const locked = await lockUser(tx, uid, partner);
      if (!locked) return { kind: 'user_not_found' };
      const roles = await resolve(tx, wanted);
      if (roles.kind === 'rejected') return roles;
      const losesOperator = scope.kind === 'all' && !wanted.some(({ role }) => role === 'operator');
      if (losesOperator && isOperating(await readUser(tx, locked.id, null)) && !(await hasOtherOperator(tx, locked.id)))
        return { kind: 'last_operator' };
      const before = await readUser(tx, locked.id, partner);
      if (hasRoles(before, scope, wanted)) return { kind: 'saved', user: before };
      if (!(await replaceRoles(tx, locked.id, roles.stored, partner, matchedTags(precondition))))
        return { kind: 'precondition_failed', editor: await this.lastEditor(tx, scope, locked.id) };
      return { kind: 'saved', user: await this.auditRoles(tx, actor, scope, locked.id, before) };
    });
  }

  private async changeState(
    tx: EntityManager,
    actor: Actor,
    scope: UserScope,
    user: LockedUser,
    state: UserState,
  ): Promise<void> {
    if (user.state === state) return;
    await updateUserState(tx, user.id, state);
    await audit(tx, actor, 'user.state_changed', scope, user.id, { state: user.state }, { state });
  }

  /** @returns the user as the roles are now. */
  private async auditRoles(tx: EntityManager, actor: Actor, scope: UserScope, id: string, old: UserView): Promise<UserView> {
    const user = await readUser(tx, id, partnerOf(scope));
    const [before, after] = [{ roles: describeRoles(old.roles) }, { roles: describeRoles(user.roles) }];
    if (old.etag !== user.etag) await audit(tx, actor, 'user.roles_changed', scope, id, before, after);
    return user;
  }

  /** For operators alone: who changed the roles may have nothing to do with the partner. */
  private async lastEditor(tx: EntityManager, scope: UserScope, subjectUserId: string): Promise<string | null> {
    return scope.kind === 'all' ? findLastEditor(tx, ['user.added', 'user.roles_changed'], { subjectUserId }) : null;
  }
}

/** A change within a partner is found under it; one of an operator may be about several. */
async function audit(
  tx: EntityManager,
  actor: Actor,
  action: AuditAction,
  scope: UserScope,
  subjectUserId: string,
  before: AuditState | null,
  after: AuditState,
): Promise<void> {
  const partnerId = scope.kind === 'partner' ? await findPartnerId(tx, scope.partner) : null;
  await writeAudit(tx, actor, { action, partnerId, subjectUserId, before, after });
}

const partnerOf = (scope: UserScope): string | null => (scope.kind === 'partner' ? scope.partner : null);

/** Whether the roles that the scope can give are these already. */
function hasRoles({ roles }: UserView, scope: UserScope, wanted: readonly WantedRole[]): boolean {
  const own = roles
    .filter(({ role }) => scope.kind === 'all' || role === 'staff')
    .map(({ role, partner, tenant }) => [role, partner?.code ?? null, tenant?.code ?? null].join(' '));
  const asked = wanted.map(({ role, partner, tenant }) => [role, partner, tenant].join(' '));
  return own.sort().join() === asked.sort().join();
}

/** Whether they can do everything now. */
const isOperating = ({ state, roles }: UserView): boolean =>
  state === 'admitted' && roles.some(({ role }) => role === 'operator');

type ResolvedRoles = { kind: 'resolved'; stored: readonly StoredRole[] } | RolesRejected;

async function resolve(tx: EntityManager, wanted: readonly WantedRole[]): Promise<ResolvedRoles> {
  const found = await resolveRoles(tx, wanted);
  const faults = findRoleFaults(wanted, found);
  if (faults.length > 0) return { kind: 'rejected', faults };
  return {
    kind: 'resolved',
    stored: wanted.map(({ role }, index) => ({ role, partnerId: null, tenantId: null, ...found[index] })),
  };
}
