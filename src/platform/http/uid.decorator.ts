import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Request } from 'express';
import { validate } from 'uuid';
import { addLogFields } from '../../platform/logging/request-log';

/**
 * The path's `:uid` (or its parameter of another name), or null where it is no UUID. A malformed uid is not a fault of its own:
 * the answer is the same 404 as for one that does not exist. In lower case, as we write them (RFC 9562 §4 takes both): the keys of a
 * job's objects are made of its uid.
 */
export const ResourceUid = createParamDecorator((name: string | undefined, context: ExecutionContext) =>
  uidOf(context, name ?? 'uid'),
);

/** The same of a job, which is then named in what is logged of the request. */
export const JobUid = createParamDecorator((_data: unknown, context: ExecutionContext): string | null => {
  const jobUid = uidOf(context, 'uid');
  if (jobUid !== null) addLogFields({ jobUid });
  return jobUid;
});

function uidOf(context: ExecutionContext, name: string): string | null {
  const uid = context.switchToHttp().getRequest<Request>().params[name];
  return typeof uid === 'string' && validate(uid) ? uid.toLowerCase() : null;
}

export const ApiUid = (description: string, name = 'uid'): MethodDecorator =>
  ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });
