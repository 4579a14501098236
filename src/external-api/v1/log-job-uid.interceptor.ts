import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { tap, type Observable } from 'rxjs';
import { validate } from 'uuid';

/** Puts the job's uid on what is logged of a request about one job, its own line included. */
@Injectable()
export class LogJobUid implements NestInterceptor {
  constructor(private readonly logger: PinoLogger) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { uid } = context.switchToHttp().getRequest<Request>().params;
    if (typeof uid === 'string') {
      // Anything may stand in a path; only a uid is worth a field, and safe in one.
      if (validate(uid)) this.logger.assign({ jobUid: uid });
      return next.handle();
    }
    return next
      .handle()
      .pipe(tap((answer: { uid?: string } | undefined) => answer?.uid && this.logger.assign({ jobUid: answer.uid })));
  }
}
