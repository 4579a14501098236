import { context, propagation, SpanStatusCode, trace, type Attributes, type Context } from '@opentelemetry/api';

/** Spans of our own. Where tracing is off all of this does nothing, at next to no cost. */
const tracer = trace.getTracer('slipway');

/** The current span as a W3C `traceparent`, to be kept and continued elsewhere; null where nothing is traced. */
export function currentTraceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}

/** Does `work` within a span, which says so if it fails. */
export function inSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return spanIn(context.active(), name, attributes, work);
}

/**
 * The same in a trace that began elsewhere, so that all that happens to a job is one trace. The span links to the one that is
 * current here, such as that of the request which starts the job.
 *
 * @param traceparent what `currentTraceparent` gave; null: the span belongs to the current trace.
 */
export function inSpanOf<T>(
  traceparent: string | null,
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  if (traceparent === null) return inSpan(name, attributes, work);
  return spanIn(propagation.extract(context.active(), { traceparent }), name, attributes, work);
}

function spanIn<T>(parent: Context, name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const current = trace.getSpanContext(context.active());
  const links = current && current.traceId !== trace.getSpanContext(parent)?.traceId ? [{ context: current }] : [];
  return tracer.startActiveSpan(name, { attributes, links }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
