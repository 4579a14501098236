import type { S3Client } from '@aws-sdk/client-s3';
import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

/** Seconds. A look-up takes milliseconds; a part of a large upload may take many seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

/** Times what is asked of the object store, and counts what fails. Presigned requests are the clients' own and not seen here. */
@Injectable()
export class ObjectStoreMetrics {
  private readonly duration: Histogram<'operation'>;
  private readonly errors: Counter<'operation' | 'error'>;

  constructor(registry: Registry) {
    this.duration = new Histogram({
      name: 'slipway_object_store_request_duration_seconds',
      help: 'Time of a request to the object store, its retries included, until its answer’s headers.',
      labelNames: ['operation'],
      buckets: BUCKETS,
      registers: [registry],
    });
    this.errors = new Counter({
      name: 'slipway_object_store_errors_total',
      help: 'Requests to the object store that failed. A missing object is an answer and no error.',
      labelNames: ['operation', 'error'],
      registers: [registry],
    });
  }

  /** Watches all that this client is asked from now on. */
  observe(client: S3Client): void {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const operation = (context.commandName ?? 'unknown').replace(/Command$/, '');
        const started = performance.now();
        try {
          return await next(args);
        } catch (error) {
          if (!isMissing(error)) this.errors.inc({ operation, error: nameOf(error) });
          throw error;
        } finally {
          this.duration.observe({ operation }, (performance.now() - started) / 1000);
        }
      },
      { step: 'initialize', name: 'slipwayMetrics' },
    );
  }
}

const isMissing = (error: unknown): boolean =>
  (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode === 404;

/** S3's own code (AccessDenied, SlowDown), or Node's for a connection that failed. Both are short closed lists of their makers. */
function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'Error';
}
