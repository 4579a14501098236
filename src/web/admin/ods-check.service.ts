import { Injectable } from '@nestjs/common';
import { checkConnection, type ConnectionCheck } from '../../ods/check-connection';
import { OdsSettings } from '../../platform/config/settings';
import { AddressPolicy } from '../../platform/outbound/address-policy';
import { guardedAgents } from '../../platform/outbound/guarded-agents';
import { sendGuarded } from '../../platform/outbound/guarded-request';
import {
  OdsConnectionsService,
  type OdsConnectionRef,
  type RevealOdsConnectionResult,
} from '../../tenancy/ods-connections.service';
import type { WebUser } from '../../tenancy/user-access';
import { toSchoolYear } from './dto/tenant.dto';

/** One request of a check. */
const REQUEST_TIMEOUT_MS = 10_000;
/** The whole check; a person waits for it. */
export const CHECK_TIMEOUT_MS = 25_000;
/** In one process: each holds up to a megabyte of what a stranger sends, for as long as that takes. */
const MAX_CHECKS_PER_USER = 4;

export type CheckOdsConnectionResult =
  | { kind: 'checked'; check: ConnectionCheck }
  /** So many that this user asked for are under way. */
  | { kind: 'too_many_checks'; limit: number }
  | Exclude<RevealOdsConnectionResult, { kind: 'found' }>;

/** Tries a tenant's connection with the key and secret that are stored. */
@Injectable()
export class OdsCheck {
  private readonly agents: ReturnType<typeof guardedAgents>;
  /** How many each user waits for. */
  private readonly underWay = new Map<string, number>();

  constructor(
    private readonly connections: OdsConnectionsService,
    settings: OdsSettings,
  ) {
    this.agents = guardedAgents(new AddressPolicy(settings.allowedCidrs));
  }

  /** @param user who asks. */
  async run({ id }: WebUser, ref: OdsConnectionRef): Promise<CheckOdsConnectionResult> {
    const count = this.underWay.get(id) ?? 0;
    if (count >= MAX_CHECKS_PER_USER) return { kind: 'too_many_checks', limit: MAX_CHECKS_PER_USER };
    this.underWay.set(id, count + 1);
    try {
      return await this.check(ref);
    } finally {
      const left = (this.underWay.get(id) ?? 1) - 1;
      if (left === 0) this.underWay.delete(id);
      else this.underWay.set(id, left);
    }
  }

  private async check(ref: OdsConnectionRef): Promise<CheckOdsConnectionResult> {
    const found = await this.connections.reveal(ref);
    if (found.kind !== 'found') return found;
    const whole = AbortSignal.timeout(CHECK_TIMEOUT_MS);
    const check = await checkConnection(
      (request) => sendGuarded(this.agents, request, AbortSignal.any([whole, AbortSignal.timeout(REQUEST_TIMEOUT_MS)])),
      { ...found.credentials, baseUrl: new URL(found.baseUrl), schoolYear: toSchoolYear(ref.endYear) },
    );
    return { kind: 'checked', check };
  }
}
