import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { claimRun } from '../../src/jobs/run-claim';
import { failRun } from '../../src/jobs/run-end';
import type { RunAttempt } from '../../src/jobs/runs.service';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { Encryption } from '../../src/platform/encryption/encryption';
import { CreateWebhookEndpoint } from '../../src/webhooks/create-webhook-endpoint';
import { DeliverWebhook } from '../../src/webhooks/deliver-webhook';
import { WebhookEndpointsService, type WebhookDeliveryView } from '../../src/webhooks/webhook-endpoints.service';
import type { WebhookEventType } from '../../src/webhooks/webhook-events';
import { WebhookMetrics } from '../../src/webhooks/webhook-metrics';
import { WebhookSender } from '../../src/webhooks/webhook-sender';
import { createTestDatabase, type TestDatabase } from './database';
import { makeRun, makeTenant, type RunRow, type TenantRow } from './factories';
import { waitFor } from './wait';
import { startWebhookReceiver, type ReceivedWebhook, type WebhookReceiver } from './webhook-receiver';

export const SETTINGS = { allowedCidrs: ['127.0.0.0/8'], httpOnLoopback: true, logRetentionDays: 30 };
export const KEY = { id: 'first', key: randomBytes(32) };
const EVENTS: WebhookEventType[] = ['job.succeeded', 'job.failed', 'job.cancelled', 'job.expired'];
export const ERROR = {
  code: 'column_missing',
  title: 'A column is missing',
  detail: 'Ada Lovelace, row 7',
  file: 'INPUT_FILE',
  line: 7,
};

export interface TestEndpoint {
  readonly uid: string;
  readonly secret: string;
}

/** A database with one tenant, a receiver for each test, and workers that send to it. */
export class WebhookScene {
  database!: TestDatabase;
  db!: DataSource;
  webhooks!: WebhookEndpointsService;
  receiver!: WebhookReceiver;
  tenant!: TenantRow;
  /** What was logged since the test began, whatever the level. */
  readonly logged: string[] = [];
  readonly encryption = new Encryption({ keys: [KEY] });
  private readonly senders: WebhookSender[] = [];

  async set(): Promise<void> {
    this.database = await createTestDatabase();
    this.db = await new DataSource(dataSourceOptions(this.database.url, 8)).initialize();
    const create = new CreateWebhookEndpoint(this.db, this.encryption, SETTINGS);
    this.webhooks = new WebhookEndpointsService(this.db, create, this.encryption, SETTINGS);
    this.tenant = await makeTenant(this.db);
    for (const level of ['log', 'warn', 'error'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation((...message: unknown[]) => {
        this.logged.push(JSON.stringify(message));
      });
  }

  async begin(): Promise<void> {
    this.receiver = await startWebhookReceiver();
    this.logged.length = 0;
  }

  async end(): Promise<void> {
    await this.stopSenders();
    await this.receiver.close();
    await this.db.query('TRUNCATE webhook_endpoint CASCADE');
  }

  async strike(): Promise<void> {
    jest.restoreAllMocks();
    await this.db.destroy();
    await this.database.drop();
  }

  access() {
    return { issuer: 'https://issuer.test', clientId: 'sis', partners: [this.tenant.partner.code] };
  }

  async register({
    url = this.receiver.url,
    eventTypes = EVENTS,
  }: { url?: string; eventTypes?: WebhookEventType[] } = {}): Promise<TestEndpoint> {
    const result = await this.webhooks.createEndpoint(this.access(), { partner: this.tenant.partner.code, url, eventTypes });
    if (result.kind !== 'created') throw new Error(result.kind);
    return { uid: result.endpoint.uid, secret: result.secret };
  }

  /** A worker's part that sends, as often as a test needs one. */
  startSender(settings = SETTINGS, keys = this.encryption): WebhookSender {
    const sender = new WebhookSender(this.db, new DeliverWebhook(this.db, keys, new WebhookMetrics(new Registry()), settings));
    this.senders.push(sender);
    sender.onApplicationBootstrap();
    return sender;
  }

  async stopSenders(): Promise<void> {
    await Promise.all(this.senders.splice(0).map((sender) => sender.stop(0)));
  }

  /** The deliveries to an endpoint, newest first. */
  async log({ uid }: { uid: string }): Promise<WebhookDeliveryView[]> {
    const result = await this.webhooks.listDeliveries(this.access(), uid, null, null, 200);
    if (result.kind !== 'found') throw new Error(result.kind);
    return [...result.page.items];
  }

  deliveryWith(endpoint: TestEndpoint, expected: Partial<WebhookDeliveryView>): Promise<WebhookDeliveryView> {
    return waitFor(async () => {
      const [newest] = await this.log(endpoint);
      return (
        newest && Object.entries(expected).every(([key, value]) => newest[key as keyof WebhookDeliveryView] === value) && newest
      );
    });
  }

  async endpointOf({ uid }: TestEndpoint) {
    const result = await this.webhooks.get(this.access(), uid);
    if (result.kind !== 'found') throw new Error(result.kind);
    return result.endpoint;
  }

  /** A second ago: the column's milliseconds may round `now()` up. */
  makeDue() {
    return this.db.query(`UPDATE webhook_delivery SET next_attempt_at = now() - interval '1 second' WHERE status = 'pending'`);
  }

  received(count: number): Promise<ReceivedWebhook[]> {
    return waitFor(() => this.receiver.received.length >= count && this.receiver.received);
  }

  async startRun(): Promise<{ run: RunRow; attempt: RunAttempt }> {
    const run = await makeRun(this.db, { tenant: this.tenant });
    const claim = await claimRun(this.db, run.uid);
    if (claim.kind !== 'claimed') throw new Error('the run was not claimed');
    return { run, attempt: claim.run };
  }

  /** Ends a job and so has it told. */
  async failJob(): Promise<string> {
    const { run, attempt } = await this.startRun();
    await failRun(this.db, attempt, ERROR);
    return run.job.uid;
  }
}

/** One for a test file, ready in each of its tests. */
export function useWebhookScene(): WebhookScene {
  const scene = new WebhookScene();
  beforeAll(() => scene.set());
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());
  afterAll(() => scene.strike());
  return scene;
}
