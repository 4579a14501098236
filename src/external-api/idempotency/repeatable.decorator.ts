import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { Problem } from '../../platform/problem/problem';
import { principalOf } from '../auth/principal.decorator';
import type { RepeatableRequest } from './idempotency.service';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
export const IDEMPOTENCY_REPLAYED = 'Idempotency-Replayed';
const MAX_KEY_LENGTH = 255;
const KEY = new RegExp(`^[!-~]{1,${MAX_KEY_LENGTH}}$`);

/** The handler's parameter for `Idempotency`; only on routes whose token has to name a client. */
export const Repeatable = createParamDecorator((_data: unknown, context: ExecutionContext): RepeatableRequest => {
  const http = context.switchToHttp();
  const request = http.getRequest<Request>();
  const response = http.getResponse<Response>();
  const markReplayed = () => void response.setHeader(IDEMPOTENCY_REPLAYED, 'true');
  const key = readKey(request.headersDistinct[IDEMPOTENCY_KEY.toLowerCase()] ?? []);
  if (key === null) return { keyed: null, markReplayed };
  const principal = principalOf(request);
  if (!principal || principal.clientId === null) throw new Error('@Repeatable() is for routes that require a client');
  const { issuer, clientId } = principal;
  const operation = `${request.method} ${request.path}`;
  return { keyed: { owner: { issuer, clientId, key }, operation, body: request.body as unknown }, markReplayed };
});

/** @throws Problem where there is more than one, or one that is no key. */
function readKey(values: readonly string[]): string | null {
  const [key, ...others] = values;
  if (key === undefined) return null;
  if (others.length === 0 && KEY.test(key)) return key;
  const detail = `must be given once, with 1 to ${MAX_KEY_LENGTH} visible ASCII characters`;
  throw new Problem('invalid_request', `${IDEMPOTENCY_KEY}: ${detail}.`, {
    errors: [{ header: IDEMPOTENCY_KEY, code: 'invalid_request', detail }],
  });
}

/** Documents what `@Repeatable()` adds to an operation. */
export const ApiIdempotencyKey = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: IDEMPOTENCY_KEY,
      required: false,
      description:
        'Any text of your own, new for each request. A request with the same key, operation and body that comes within 24 hours repeats ' +
        'the first answer, with fresh URLs, and changes nothing. Answers of 4xx and 5xx are not repeated.',
      schema: { type: 'string', minLength: 1, maxLength: MAX_KEY_LENGTH, pattern: '^[!-~]+$' },
      example: '5f0c2f4e-6b0e-4f7c-9a53-1d4f2b8c7e90',
    }),
    ApiProblems('idempotency_in_progress', 'idempotency_key_reused'),
  );
