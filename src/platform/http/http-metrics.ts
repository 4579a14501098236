import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Histogram, Registry } from 'prom-client';

/** Seconds. Most answers take a few milliseconds; a 503 comes within 10 s. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts and times requests by the route that answered, never by the path: that would have ids in it. */
@Injectable()
export class HttpMetrics {
  private readonly duration: Histogram<'method' | 'route' | 'status'>;

  constructor(registry: Registry) {
    this.duration = new Histogram({
      name: 'slipway_http_request_duration_seconds',
      help: 'Time from a request’s headers to the end of its answer. Its _count is the number of requests.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers: [registry],
    });
  }

  readonly observe = (request: Request, response: Response, next: NextFunction): void => {
    const started = performance.now();
    // `close` and not `finish`: a client that goes away before its answer is a request too.
    response.once('close', () => {
      const route = routeOf(request);
      this.duration.observe(
        { method: route === UNMATCHED ? 'any' : request.method, route, status: statusOf(response) },
        (performance.now() - started) / 1000,
      );
    });
    next();
  };
}

/** For whatever no route answers, so that scanners do not make a time series for each path and method that they think of. */
const UNMATCHED = 'unmatched';

function routeOf(request: Request): string {
  const path: unknown = (request.route as { path?: unknown } | undefined)?.path;
  // Nest answers what it does not know by a route that is nothing but a wildcard.
  return typeof path === 'string' && !/^\/?\{?\*/.test(path) ? path : UNMATCHED;
}

/** nginx's 499 for a client that did not wait for the answer. */
const statusOf = (response: Response): string => (response.writableEnded ? String(response.statusCode) : '499');
