import type { FileService } from '../files/file.service';

/** An object that somebody may download. */
export interface Downloadable {
  /** What its link is known by. */
  readonly label: string;
  /** The file's name where it arrives. */
  readonly name: string;
  readonly key: string;
  readonly versionId: string | null;
}

export interface DownloadLinks {
  /** By label. */
  readonly links: ReadonlyMap<string, string>;
  /** When the first of them ends. */
  readonly expiresAt: Date;
}

/**
 * Signs a link for each object. Whoever has a link has the file, so they are short-lived.
 *
 * @throws StorageUnavailableError when there are no credentials to sign with.
 */
export async function signDownloads(
  fileService: FileService,
  objects: readonly Downloadable[],
  ttlSeconds: number,
): Promise<DownloadLinks> {
  const signed = await Promise.all(
    objects.map(async (object) => ({ label: object.label, ...(await fileService.presignDownload(object)) })),
  );
  const expiresAt = Math.min(Date.now() + ttlSeconds * 1000, ...signed.map((link) => link.expiresAt.getTime()));
  return { links: new Map(signed.map(({ label, url }) => [label, url])), expiresAt: new Date(expiresAt) };
}
