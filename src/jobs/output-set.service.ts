import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FileService } from '../files/file.service';
import { ObjectStoreSettings } from '../platform/config/settings';
import type { JobAccess } from './commands';
import { signDownloads, type DownloadLinks } from './sign-downloads';
import { findOutputSets, findStoredOutputs, type OutputSetFilter, type OutputSetView } from './output-set.queries';

export interface OutputSetPage {
  readonly items: readonly OutputSetView[];
  /** From where to go on, now or later; the position asked for when nothing followed it. */
  readonly position: string;
  readonly hasMore: boolean;
}

export type DownloadLinksResult =
  | ({ kind: 'found' } & DownloadLinks)
  | { kind: 'output_set_not_found' }
  /** They have been kept as long as they had to be. */
  | { kind: 'output_files_removed'; removedAt: Date };

/** What runs made: the lists of output sets, and links to their files. */
@Injectable()
export class OutputSetService {
  constructor(
    private readonly db: DataSource,
    private readonly files: FileService,
    private readonly settings: ObjectStoreSettings,
  ) {}

  /** A page of at most `limit` sets after a position (null: from the beginning), oldest first. */
  async list(filter: OutputSetFilter, position: string | null, limit: number): Promise<OutputSetPage> {
    const after = position ?? '0';
    const rows = await findOutputSets(this.db, filter, after, limit + 1);
    const page = rows.slice(0, limit);
    return { items: page.map(({ id: _id, ...set }) => set), position: page.at(-1)?.id ?? after, hasMore: rows.length > limit };
  }

  /**
   * Links that download each file of a set, by name. Whoever has a link has the file, so they are short-lived. `uid` must be a
   * UUID.
   *
   * @throws StorageUnavailableError when there are no credentials to sign with.
   */
  async createDownloadLinks(uid: string, access: JobAccess): Promise<DownloadLinksResult> {
    const set = await findStoredOutputs(this.db, uid, access);
    if (!set) return { kind: 'output_set_not_found' };
    if (set.removedAt) return { kind: 'output_files_removed', removedAt: set.removedAt };
    const outputs = set.files.map((file) => ({ ...file, label: file.name }));
    return { kind: 'found', ...(await signDownloads(this.files, outputs, this.settings.downloadUrlTtlSeconds)) };
  }
}
