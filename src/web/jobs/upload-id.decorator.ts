import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Request } from 'express';
import { Problem } from '../../platform/problem/problem';

/** An id is the object store's own: printable, and never longer than this. */
const UPLOAD_ID = /^[\x21-\x7e]{1,1024}$/;

/** The path's `:uploadId`. What cannot be one is the same 404 as one that does not exist. */
export const UploadId = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const { uploadId } = context.switchToHttp().getRequest<Request>().params;
  if (typeof uploadId === 'string' && UPLOAD_ID.test(uploadId)) return uploadId;
  throw new Problem('upload_not_found', 'There is no such upload of this file. Begin a new one.');
});

export const ApiUploadId = (): MethodDecorator =>
  ApiParam({ name: 'uploadId', type: String, description: 'The `uploadId` that beginning the upload was answered with.' });
