import type { TracingSettings } from '../config/settings';

export interface Tracing {
  /** Sends what is not sent yet. */
  stop(): Promise<void>;
}

const TRACED_PATHS = /^\/(v\d+|api)\//;
/** A collector that is away must not hold up the end of a process. */
const FLUSH_MS = 3_000;

/**
 * Sends OpenTelemetry traces where an OTLP endpoint is set, and does nothing else. What is instrumented (node:http, Express, pg)
 * must be loaded after this, or it is not seen: the programs import theirs only then. All else (sampling, headers, protocol) is
 * set by the variables of the OpenTelemetry specification, which the SDK reads itself.
 */
export async function startTracing(settings: TracingSettings, serviceName: string): Promise<Tracing> {
  if (!settings.enabled) return { stop: async () => undefined };
  const [{ NodeSDK }, { HttpInstrumentation }, { ExpressInstrumentation, ExpressLayerType }, { PgInstrumentation }] =
    await Promise.all([
      import('@opentelemetry/sdk-node'),
      import('@opentelemetry/instrumentation-http'),
      import('@opentelemetry/instrumentation-express'),
      import('@opentelemetry/instrumentation-pg'),
    ]);
  const sdk = new NodeSDK({
    serviceName,
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({
        // No health checks, and in local mode nothing of the embedded parts, whose URLs are signed.
        ignoreIncomingRequestHook: (request) => !TRACED_PATHS.test(request.url ?? ''),
        // The queue's polling and the registry's refresh would be traces of their own, with nobody to look at them.
        requireParentforOutgoingSpans: true,
      }),
      // It tells the request's span its route; a span for each layer would only be noise.
      new ExpressInstrumentation({ ignoreLayersType: Object.values(ExpressLayerType) }),
      // Statements without their values: those are people's data.
      new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false, ignoreConnectSpans: true }),
    ],
  });
  sdk.start();
  return { stop: () => Promise.race([sdk.shutdown().catch(() => undefined), after(FLUSH_MS)]) };
}

const after = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());
