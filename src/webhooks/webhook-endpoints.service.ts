import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { WebhookSettings } from '../platform/config/settings';
import type { Alongside } from '../platform/database/alongside';
import { Encryption } from '../platform/encryption/encryption';
import { outboundUrlFault } from '../platform/outbound/outbound-url';
import {
  CreateWebhookEndpoint,
  type CreatedWebhookEndpoint,
  type CreateWebhookEndpointCommand,
  type CreateWebhookEndpointResult,
} from './create-webhook-endpoint';
import { findDeliveries, insertRedelivery, insertTestDelivery, type WebhookDeliveryView } from './webhook-delivery.queries';
import {
  deleteEndpoint,
  findEndpoint,
  findEndpoints,
  lockEndpoint,
  replaceSecret,
  updateEndpoint,
  type WebhookAccess,
  type WebhookEndpointChanges,
  type WebhookEndpointView,
} from './webhook-endpoint.queries';
import type { WebhookDeliveryStatus } from './webhook-events';
import { makeWebhookSecret, readWebhookSecret, type StoredSecret } from './webhook-secret';

export type {
  CreatedWebhookEndpoint,
  StoredSecret,
  WebhookAccess,
  WebhookDeliveryView,
  WebhookEndpointChanges,
  WebhookEndpointView,
};

/** What came of a change, for what is written alongside. */
export interface RotatedWebhookSecret {
  readonly stored: StoredSecret;
  readonly previousSecretExpiresAt: Date;
}
export interface QueuedWebhook {
  readonly deliveryUid: string;
}

interface EndpointNotFound {
  kind: 'webhook_endpoint_not_found';
}
export type GetWebhookEndpointResult = { kind: 'found'; endpoint: WebhookEndpointView } | EndpointNotFound;
export type UpdateWebhookEndpointResult =
  { kind: 'updated'; endpoint: WebhookEndpointView } | { kind: 'webhook_url_not_allowed'; reason: string } | EndpointNotFound;
export type DeleteWebhookEndpointResult = { kind: 'deleted' } | EndpointNotFound;
export type RotateWebhookSecretResult = { kind: 'rotated'; secret: string; previousSecretExpiresAt: Date } | EndpointNotFound;
export type TestWebhookEndpointResult = { kind: 'queued'; deliveryUid: string } | EndpointNotFound;
export type RedeliverWebhookResult =
  { kind: 'queued'; deliveryUid: string } | { kind: 'webhook_delivery_not_found' } | EndpointNotFound;

/** A page of a list with the position from which to go on; null where nothing follows. */
export interface WebhookPage<T> {
  readonly items: readonly T[];
  readonly position: string | null;
}
export type ListWebhookDeliveriesResult = { kind: 'found'; page: WebhookPage<WebhookDeliveryView> } | EndpointNotFound;

const NOT_FOUND: EndpointNotFound = { kind: 'webhook_endpoint_not_found' };

/** The core's front for whoever manages endpoints. Every `uid` must be a UUID. */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly db: DataSource,
    private readonly create: CreateWebhookEndpoint,
    private readonly encryption: Encryption,
    private readonly settings: WebhookSettings,
  ) {}

  /** Registers an endpoint; see `CreateWebhookEndpoint`. */
  createEndpoint(
    access: WebhookAccess,
    command: CreateWebhookEndpointCommand,
    alongside?: Alongside<CreatedWebhookEndpoint>,
  ): Promise<CreateWebhookEndpointResult> {
    return this.create.execute(access, command, alongside);
  }

  /** A page of at most `limit` endpoints after a position (null: from the beginning), oldest first. */
  async list(
    access: WebhookAccess,
    partner: string | null,
    position: string | null,
    limit: number,
  ): Promise<WebhookPage<WebhookEndpointView>> {
    return toPage(await findEndpoints(this.db, access, partner, position ?? '0', limit + 1), limit);
  }

  async get(access: WebhookAccess, uid: string): Promise<GetWebhookEndpointResult> {
    const found = await findEndpoint(this.db, access, uid);
    return found ? { kind: 'found', endpoint: found } : NOT_FOUND;
  }

  /** Changes what is given. What waits to be delivered goes to the new URL. */
  async update(access: WebhookAccess, uid: string, changes: WebhookEndpointChanges): Promise<UpdateWebhookEndpointResult> {
    const reason = changes.url === undefined ? null : outboundUrlFault(changes.url, this.settings);
    if (reason !== null) return { kind: 'webhook_url_not_allowed', reason };
    const endpoint = await updateEndpoint(this.db, access, uid, changes);
    return endpoint ? { kind: 'updated', endpoint } : NOT_FOUND;
  }

  async delete(access: WebhookAccess, uid: string): Promise<DeleteWebhookEndpointResult> {
    return (await deleteEndpoint(this.db, access, uid)) ? { kind: 'deleted' } : NOT_FOUND;
  }

  /** Makes a new secret. The one before it signs too for `gracePeriodSeconds`, so that receivers can be changed in the meantime. */
  async rotateSecret(
    access: WebhookAccess,
    uid: string,
    gracePeriodSeconds: number,
    alongside?: Alongside<RotatedWebhookSecret>,
  ): Promise<RotateWebhookSecretResult> {
    const { secret, stored } = makeWebhookSecret(this.encryption);
    return this.db.transaction(async (tx): Promise<RotateWebhookSecretResult> => {
      const id = await lockEndpoint(tx, access, uid);
      if (id === null) return NOT_FOUND;
      const previousSecretExpiresAt = await replaceSecret(tx, id, stored, gracePeriodSeconds);
      await alongside?.(tx, { stored, previousSecretExpiresAt });
      return { kind: 'rotated', secret, previousSecretExpiresAt };
    });
  }

  /** A secret as its client saw it, for a front that repeats an answer. @throws UndecryptableError */
  revealSecret(stored: StoredSecret): string {
    return readWebhookSecret(this.encryption, stored);
  }

  /** Queues a delivery that says only that it is a test. It is tried once, and also where the endpoint is disabled. */
  async test(access: WebhookAccess, uid: string, alongside?: Alongside<QueuedWebhook>): Promise<TestWebhookEndpointResult> {
    return this.db.transaction(async (tx): Promise<TestWebhookEndpointResult> => {
      const endpoint = await findEndpoint(tx, access, uid);
      if (!endpoint) return NOT_FOUND;
      const deliveryUid = uuidv7();
      await insertTestDelivery(tx, endpoint.id, endpoint.uid, deliveryUid);
      await alongside?.(tx, { deliveryUid });
      return { kind: 'queued', deliveryUid };
    });
  }

  /** The log: a page of at most `limit` deliveries before a position (null: from the newest on), newest first. */
  async listDeliveries(
    access: WebhookAccess,
    uid: string,
    status: WebhookDeliveryStatus | null,
    position: string | null,
    limit: number,
  ): Promise<ListWebhookDeliveriesResult> {
    const endpoint = await findEndpoint(this.db, access, uid);
    if (!endpoint) return NOT_FOUND;
    return { kind: 'found', page: toPage(await findDeliveries(this.db, endpoint.id, status, position, limit + 1), limit) };
  }

  /** Sends a message of the log again, in a delivery of its own, under the id by which the receiver knows it. */
  async redeliver(
    access: WebhookAccess,
    uid: string,
    repeatedUid: string,
    alongside?: Alongside<QueuedWebhook>,
  ): Promise<RedeliverWebhookResult> {
    return this.db.transaction(async (tx): Promise<RedeliverWebhookResult> => {
      const endpoint = await findEndpoint(tx, access, uid);
      if (!endpoint) return NOT_FOUND;
      const deliveryUid = uuidv7();
      if (!(await insertRedelivery(tx, endpoint.id, repeatedUid, deliveryUid))) return { kind: 'webhook_delivery_not_found' };
      await alongside?.(tx, { deliveryUid });
      return { kind: 'queued', deliveryUid };
    });
  }
}

/** @param rows one more than the page has, where there are as many. */
function toPage<T extends { id: string }>(rows: readonly T[], limit: number): WebhookPage<T> {
  const items = rows.slice(0, limit);
  return { items, position: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
