import { Client, escapeIdentifier } from 'pg';

const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;

export interface NotificationHandlers {
  readonly onNotification: (payload: string) => void;
  /** Listening has begun, or begun again: whatever was notified before may have been missed. */
  readonly onListening: () => void;
}

/**
 * Listens on a channel of Postgres with a connection of its own, since one of the pool's belongs to whoever has it, and connects
 * again whenever it is lost. A connection may be dead for long before that is noticed, so nobody should rely on notifications
 * alone.
 */
export class NotificationListener {
  private client: Client | null = null;
  private reconnect: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly channel: string,
    private readonly handlers: NotificationHandlers,
  ) {}

  start(): void {
    void this.connect();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.reconnect);
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'slipway-notifications',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    this.client = client;
    const lost = (): void => this.onLost(client);
    // Without a listener, an error of an idle connection would end the process.
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload = '' }) => this.handlers.onNotification(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${escapeIdentifier(this.channel)}`);
      this.handlers.onListening();
    } catch {
      lost();
    }
  }

  private onLost(client: Client): void {
    if (this.isStopped || this.client !== client) return;
    this.client = null;
    client.end().catch(() => undefined);
    this.reconnect = setTimeout(() => void this.connect(), RECONNECT_MS).unref();
  }
}
