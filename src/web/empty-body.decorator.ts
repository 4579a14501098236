import { applyDecorators } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { EmptyBodyDto } from '../platform/http/dto/empty-body.dto';
import { ApiProblems } from '../platform/problem/api-problems.decorator';

/** Documents what can be wrong with any body. */
export const ApiBodyProblems = (): MethodDecorator =>
  ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'payload_too_large', 'unsupported_media_type');

/** Documents an operation that takes no body, or `{}`. */
export const ApiEmptyBody = (): MethodDecorator =>
  applyDecorators(ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } }), ApiBodyProblems());
