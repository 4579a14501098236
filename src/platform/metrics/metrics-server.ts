import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { MetricsSettings } from '../config/settings';

/**
 * `GET /metrics` in the Prometheus text format, on a port of its own, so that it is never reachable where the API is. Off where
 * `METRICS_PORT` is unset.
 */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Metrics');
  private server: Server | undefined;

  constructor(
    private readonly settings: MetricsSettings,
    private readonly registry: Registry,
  ) {}

  /** Where it listens; null where it is off. */
  get port(): number | null {
    const address = this.server?.address() as AddressInfo | null | undefined;
    return address?.port ?? null;
  }

  /** @throws Error with a message for people where the port is taken. */
  async onApplicationBootstrap(): Promise<void> {
    const { port } = this.settings;
    if (port === null) return;
    const server = createServer((request, response) => void this.answer(request, response));
    try {
      await once(server.listen(port), 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new Error(`Port ${port} is in use by another program. Stop it, or set METRICS_PORT to a free one.`, { cause: error });
    }
    this.server = server;
  }

  onModuleDestroy(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.split('?', 1)[0] !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = await this.registry.metrics();
      response.writeHead(200, { 'Content-Type': this.registry.contentType }).end(text);
    } catch (error) {
      this.logger.warn({ err: error }, 'the metrics could not be collected');
      response.writeHead(503).end();
    }
  }
}
