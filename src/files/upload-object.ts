import { PutObjectCommand, UploadPartCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Readable } from 'node:stream';

export interface ObjectToUpload {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: Readable | Buffer;
  readonly ContentType: string;
}

/**
 * Uploads a body of any length, in parts where it is over 5 MiB, of which at most four are in memory. When the signal aborts, it
 * rejects at once; the requests that carry bytes and the reading of the body are cut off, and the parts are removed.
 *
 * @returns the object's size in bytes, and its version as S3 names it.
 */
export async function uploadObject(
  client: S3Client,
  object: ObjectToUpload,
  signal?: AbortSignal,
): Promise<{ size: number; versionId: string | undefined }> {
  signal?.throwIfAborted();
  const abortController = new AbortController();
  const abort = (): void => {
    abortController.abort();
    if (object.Body instanceof Readable) object.Body.destroy();
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const upload = new Upload({ client: cutOffBy(abortController.signal, client), params: { ...object }, abortController });
    let size = 0;
    upload.on('httpUploadProgress', ({ loaded = 0 }) => (size = Math.max(size, loaded)));
    const { VersionId: versionId } = await upload.done();
    return { size, versionId };
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/**
 * `Upload` looks at its signal only between requests, so a small object would still appear after an abort. Beginning, completing
 * and aborting an upload in parts are left alone: an upload whose id is not known could never be removed.
 */
function cutOffBy(abortSignal: AbortSignal, client: S3Client): S3Client {
  const send = (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    const carriesBytes = command instanceof PutObjectCommand || command instanceof UploadPartCommand;
    return client.send(command, carriesBytes ? { abortSignal } : {});
  };
  return Object.create(client, { send: { value: send } }) as S3Client;
}
