import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Request } from 'express';
import { validate } from 'uuid';

/**
 * The path's `:uid` (or its parameter of another name), or null where it is no UUID. A malformed uid is not a fault of its own:
 * the answer is the same 404 as for one that does not exist.
 */
export const ResourceUid = createParamDecorator((name: string | undefined, context: ExecutionContext): string | null => {
  const uid = context.switchToHttp().getRequest<Request>().params[name ?? 'uid'];
  return typeof uid === 'string' && validate(uid) ? uid : null;
});

export const ApiUid = (description: string, name = 'uid'): MethodDecorator =>
  ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });
