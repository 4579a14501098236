import { Module } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { trace } from '@opentelemetry/api';
import { LoggerModule } from 'nestjs-pino';
import { LoggingSettings } from '../config/settings';

/** The path alone: a query may hold a cursor, and a presigned URL that somebody pastes here its signature. */
const pathOf = (request: IncomingMessage & { originalUrl?: string }): string =>
  (request.originalUrl ?? request.url ?? '').split('?', 1)[0] ?? '';

/** Leads from a line to its trace; nothing where nothing is traced. */
function traceOfLine(): { traceId: string; spanId: string } | Record<string, never> {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { traceId: span.traceId, spanId: span.spanId } : {};
}

/** Structured logs, a line a request. Headers and bodies are never logged, so that no token, name or id of a child can be. */
@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [LoggingSettings],
      useFactory: (settings: LoggingSettings) => ({
        pinoHttp: {
          level: settings.level,
          mixin: traceOfLine,
          genReqId: (request: IncomingMessage) => request.id,
          quietReqLogger: true,
          autoLogging: { ignore: (request: IncomingMessage) => pathOf(request).startsWith('/health/') },
          customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
          serializers: {
            req: (request: { raw: IncomingMessage }) => ({ method: request.raw.method, path: pathOf(request.raw) }),
            res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
          },
          // Whatever an error of a library carries along.
          redact: {
            paths: ['*.headers', '*.config', '*.request', '*.response', '*.parameters', 'err.driverError.detail'],
            remove: true,
          },
        },
      }),
    }),
  ],
})
export class LoggingModule {}
