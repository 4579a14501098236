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
import { toSchoolYear } from './dto/tenant.dto';

/** One request of a check. */
const REQUEST_TIMEOUT_MS = 10_000;
/** The whole check; a person waits for it. */
const CHECK_TIMEOUT_MS = 25_000;

export type CheckOdsConnectionResult =
  { kind: 'checked'; check: ConnectionCheck } | Exclude<RevealOdsConnectionResult, { kind: 'found' }>;

/** Tries a tenant's connection with the key and secret that are stored. */
@Injectable()
export class OdsCheck {
  private readonly agents: ReturnType<typeof guardedAgents>;

  constructor(
    private readonly connections: OdsConnectionsService,
    settings: OdsSettings,
  ) {
    this.agents = guardedAgents(new AddressPolicy(settings.allowedCidrs));
  }

  async run(ref: OdsConnectionRef): Promise<CheckOdsConnectionResult> {
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
