import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { WebhookSettings } from '../platform/config/settings';
import type { Alongside } from '../platform/database/alongside';
import { Encryption } from '../platform/encryption/encryption';
import { outboundUrlFault } from '../platform/outbound/outbound-url';
import {
  countEndpointsOfClient,
  insertEndpoint,
  lockEndpointsOfClient,
  type WebhookAccess,
  type WebhookEndpointView,
} from './webhook-endpoint.queries';
import type { WebhookEventType } from './webhook-events';
import { makeWebhookSecret, type StoredSecret } from './webhook-secret';

const MAX_ENDPOINTS_PER_CLIENT = 20;

export interface CreateWebhookEndpointCommand {
  readonly partner: string;
  readonly url: string;
  readonly eventTypes: readonly WebhookEventType[];
}

export interface CreatedWebhookEndpoint {
  readonly endpoint: WebhookEndpointView;
  readonly stored: StoredSecret;
}

export type CreateWebhookEndpointResult =
  | { kind: 'created'; endpoint: WebhookEndpointView; secret: string }
  | { kind: 'webhook_url_not_allowed'; reason: string }
  | { kind: 'partner_not_found' }
  | { kind: 'too_many_webhook_endpoints'; limit: number };

/** Registers an endpoint for its client, with a first secret, which is given away here and never again. */
@Injectable()
export class CreateWebhookEndpoint {
  constructor(
    private readonly db: DataSource,
    private readonly encryption: Encryption,
    private readonly settings: WebhookSettings,
  ) {}

  async execute(
    access: WebhookAccess,
    command: CreateWebhookEndpointCommand,
    alongside?: Alongside<CreatedWebhookEndpoint>,
  ): Promise<CreateWebhookEndpointResult> {
    const reason = outboundUrlFault(command.url, this.settings);
    if (reason !== null) return { kind: 'webhook_url_not_allowed', reason };
    const { secret, stored } = makeWebhookSecret(this.encryption);
    return this.db.transaction(async (tx): Promise<CreateWebhookEndpointResult> => {
      await lockEndpointsOfClient(tx, access);
      if ((await countEndpointsOfClient(tx, access)) >= MAX_ENDPOINTS_PER_CLIENT)
        return { kind: 'too_many_webhook_endpoints', limit: MAX_ENDPOINTS_PER_CLIENT };
      const endpoint = await insertEndpoint(tx, access, { ...command, uid: uuidv7(), secret: stored });
      if (!endpoint) return { kind: 'partner_not_found' };
      await alongside?.(tx, { endpoint, stored });
      return { kind: 'created', endpoint, secret };
    });
  }
}
