import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { Problem } from '../../platform/problem/problem';
import type { Precondition } from '../../tenancy/entity-tag';

/** RFC 9110 §8.8.3: an entity tag; a weak one never matches in `If-Match` (§13.1.1), but may stand there. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;
const MAX_TAGS = 20;

/**
 * The handler's parameter for the precondition of an edit. It is required (RFC 6585 §3): an edit without would be the lost update
 * that it is there against, and whoever means to overwrite whatever there is can say so with `*`.
 *
 * @throws Problem where there is none or one that is malformed.
 */
export const EditOf = createParamDecorator((_data: unknown, context: ExecutionContext): Precondition => ifMatch(context));

/** The same for what the request also makes: `If-None-Match: *` says that there must be none yet. */
export const EditOrCreation = createParamDecorator((_data: unknown, context: ExecutionContext): Precondition => {
  const given = headerOf(context, 'If-None-Match');
  if (given === null) return ifMatch(context);
  if (given !== '*') throw malformed('If-None-Match', 'must be *');
  if (headerOf(context, 'If-Match') !== null) throw malformed('If-None-Match', 'must not stand beside If-Match');
  return { kind: 'none' };
});

function ifMatch(context: ExecutionContext): Precondition {
  const given = headerOf(context, 'If-Match');
  if (given === null)
    throw new Problem(
      'precondition_required',
      'If-Match is needed: the etag of what was read, or * to overwrite whatever there is.',
    );
  if (given === '*') return { kind: 'any' };
  const tags = given.split(',').map((tag) => tag.trim());
  if (tags.length > MAX_TAGS || !tags.every((tag) => ENTITY_TAG.test(tag)))
    throw malformed('If-Match', `must be * or up to ${MAX_TAGS} entity tags, quotation marks included`);
  return { kind: 'one_of', tags };
}

/** Several headers of one name are one list (RFC 9110 §5.3). */
function headerOf(context: ExecutionContext, name: string): string | null {
  const values = context.switchToHttp().getRequest<Request>().headersDistinct[name.toLowerCase()];
  return values?.join(', ').trim() ?? null;
}

const malformed = (header: string, detail: string): Problem =>
  new Problem('invalid_request', `${header}: ${detail}.`, { errors: [{ header, code: 'invalid_request', detail }] });

/** Documents what `@EditOf()` adds to an operation. @param creates for `@EditOrCreation()`. */
export const ApiPrecondition = ({ creates = false } = {}): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: !creates,
      description:
        'The `etag` of what was read: the change is made only if nobody has changed it since. `*` overwrites whatever there is.',
      example: '"5e884898da28047151d0e56f8dc62927"',
    }),
    ...(creates
      ? [
          ApiHeader({
            name: 'If-None-Match',
            required: false,
            description: 'In the place of `If-Match`: `*`, for a new one, which is made only if there is none.',
            example: '*',
          }),
        ]
      : []),
    ApiProblems('precondition_failed', 'precondition_required'),
  );
