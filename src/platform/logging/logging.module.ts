import { Module } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { LoggerModule } from 'nestjs-pino';
import { LoggingSettings } from '../config/settings';
import { errorFields } from './error-fields';
import { RequestLog, requestLogFields } from './request-log';

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
        // Requests are logged by `RequestLog`.
        forRoutes: [],
        pinoHttp: {
          level: settings.level,
          mixin: () => ({ ...requestLogFields(), ...traceOfLine() }),
          serializers: { err: errorFields },
        },
      }),
    }),
  ],
  providers: [RequestLog],
  exports: [RequestLog],
})
export class LoggingModule {}
