import type { FileService, PresignedUpload } from '../files/file.service';

/** What a signature of an upload depends on. */
export interface FileToUpload {
  readonly envVar: string;
  readonly objectKey: string;
  /** Bytes. */
  readonly declaredSize: number | null;
  /** Lower-case hex. */
  readonly declaredSha256: string | null;
}

/**
 * Signs an upload of each file. No URL outlives the job that it is for, so that nothing can be uploaded to one that has expired.
 *
 * @param jobSecondsLeft until the job expires; a URL lives whole seconds, and one at least.
 * @returns the uploads by env_var.
 * @throws StorageUnavailableError when there are no credentials to sign with.
 */
export async function signUploads(
  fileService: FileService,
  files: readonly FileToUpload[],
  urlTtlSeconds: number,
  jobSecondsLeft: number,
): Promise<Map<string, PresignedUpload>> {
  const ttlSeconds = urlLifetime(urlTtlSeconds, jobSecondsLeft);
  const signed = await Promise.all(
    files.map(async ({ envVar, objectKey, declaredSize, declaredSha256 }) => {
      const upload = await fileService.presignUpload(objectKey, { size: declaredSize, sha256: declaredSha256 }, ttlSeconds);
      return [envVar, upload] as const;
    }),
  );
  return new Map(signed);
}

/** In whole seconds, one at least: no URL outlives its job. */
export const urlLifetime = (urlTtlSeconds: number, jobSecondsLeft: number): number =>
  Math.max(1, Math.min(urlTtlSeconds, Math.floor(jobSecondsLeft)));
