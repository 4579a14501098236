import AwsS3 from '@uppy/aws-s3';
import Uppy, { type UppyFile } from '@uppy/core';
import type { JobUploads } from '../../../api/uploads';
import { backOff } from './back-off';
import { PartUrls } from './part-urls';
import type { SubmittedFile } from './submission';
import { classifyFailure } from './upload-failure';

export type UploadState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'uploading' }
  | { readonly kind: 'paused' }
  /** The browser has no connection; it goes on by itself. */
  | { readonly kind: 'offline' }
  /** It failed and is tried again at this time, in ms since 1970. */
  | { readonly kind: 'retrying'; readonly at: number }
  /** It is not tried again by itself. `code`: of the server's problem, or what the page found. */
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'uploaded' };

export interface FileUpload {
  readonly envVar: string;
  /** Bytes that are through; of `total`. */
  readonly sent: number;
  readonly total: number;
  readonly state: UploadState;
}

/** What is worth keeping for a page that is loaded anew. */
export interface UploadListener {
  changed(): void;
  kept(envVar: string, change: Partial<Pick<SubmittedFile, 'multipart' | 'isUploaded'>>): void;
}

/** Files up to this size are sent in one request: a pause or a dropped connection costs no more than that. */
const MAX_SINGLE_BYTES = 16 * 1024 * 1024;
/** Requests at once, of all files together. */
const REQUESTS = 3;
/** After so many refusals in a row without a byte between them, a person has to look. */
const MAX_REFUSALS = 4;

type FileMeta = { envVar: string; relativePath: string };
type Body = Record<string, never>;

interface Upload {
  readonly file: SubmittedFile;
  readonly data: File;
  /** Uppy's. */
  readonly id: string;
  multipart: SubmittedFile['multipart'];
  partUrls: PartUrls | null;
  failures: number;
  retry: { timer: ReturnType<typeof setTimeout>; at: number } | null;
  failedCode: string | null;
}

/**
 * Uploads the files of one job, each through Uppy's S3 uploader, which cuts, sends, pauses and counts. What Uppy does not do is here: an
 * upload in parts is begun before Uppy has the file, so that Uppy always asks which parts are through and sends the rest, whether
 * after a pause, a failure or a reload; and a failure is tried again until it is final, as Uppy would throw the parts away.
 */
export class SubmissionUpload {
  private readonly uppy: Uppy<FileMeta, Body>;
  private readonly uploads = new Map<string, Upload>();
  private readonly uploaded: readonly SubmittedFile[];
  private snapshot: readonly FileUpload[];

  /** @param files those with data, and those that are up. */
  constructor(
    uid: string,
    files: readonly SubmittedFile[],
    private readonly api: JobUploads,
    private readonly listener: UploadListener,
  ) {
    // What it would log is shown.
    const logger = { debug: ignore, warn: ignore, error: ignore };
    this.uppy = new Uppy<FileMeta, Body>({ id: uid, autoProceed: false, allowMultipleUploadBatches: true, logger });
    this.uppy.use(AwsS3<FileMeta, Body>, {
      limit: REQUESTS,
      shouldUseMultipart: (file: UppyFile<FileMeta, Body>) => isLarge(file.data as Blob),
      getChunkSize: (data) => this.partSizeOf(data),
      createMultipartUpload: () => Promise.reject(new Error('an upload in parts is begun before it is given to Uppy')),
      listParts: (file) => this.listParts(this.uploadOf(file)),
      signPart: async (file, { partNumber }) => ({ url: await this.takePartUrl(this.uploadOf(file), partNumber) }),
      completeMultipartUpload: async (file) => {
        const { file: submitted, multipart } = this.uploadOf(file);
        await api.complete(submitted.envVar, begun(multipart).uploadId);
        return {};
      },
      // What was sent is gone on with later; the server removes it with the job.
      abortMultipartUpload: () => Promise.resolve(),
      getUploadParameters: async (file) => {
        const { url, headers } = await api.singleUpload(this.uploadOf(file).file.envVar);
        return { method: 'PUT', url, headers: allowedHeaders(headers) };
      },
    });
    this.uploaded = files.filter(({ isUploaded }) => isUploaded);
    for (const file of files) if (!file.isUploaded && file.file) this.add(file, file.file);
    this.snapshot = this.describeAll();
    this.uppy.on('state-update', this.tell);
    this.uppy.on('upload-error', (file, error) => file && this.failed(this.uploadOf(file), error));
    this.uppy.on('upload-progress', (file) => {
      if (file) this.uploadOf(file).failures = 0;
    });
    this.uppy.on('upload-success', (file) => file && this.listener.kept(this.uploadOf(file).file.envVar, { isUploaded: true }));
    window.addEventListener('online', this.connected);
    window.addEventListener('offline', this.tell);
  }

  start(): void {
    for (const upload of this.uploads.values()) void this.attempt(upload);
  }

  /** Stops what is under way; what was sent stays. */
  destroy(): void {
    window.removeEventListener('online', this.connected);
    window.removeEventListener('offline', this.tell);
    this.uppy.off('state-update', this.tell);
    for (const { retry } of this.uploads.values()) if (retry) clearTimeout(retry.timer);
    this.uploads.clear();
    this.uppy.destroy();
  }

  /** The same value until something changes. */
  getSnapshot = (): readonly FileUpload[] => this.snapshot;

  pauseOrResume(envVar: string): void {
    const upload = this.find(envVar);
    if (upload) this.uppy.pauseResume(upload.id);
  }

  /** Tries a file again at once that failed or waits. */
  retryNow(envVar: string): void {
    const upload = this.find(envVar);
    if (!upload || (!upload.retry && !upload.failedCode)) return;
    upload.failures = 0;
    void this.attempt(upload);
  }

  private add(file: SubmittedFile, data: File): void {
    // The path is part of Uppy's id, so that one file may be given twice.
    const meta = { envVar: file.envVar, relativePath: file.envVar };
    const id = this.uppy.addFile({ name: file.name, type: data.type, data, source: 'slipway', meta });
    const { multipart } = file;
    this.uploads.set(id, { file, data, id, multipart, partUrls: null, failures: 0, retry: null, failedCode: null });
  }

  private async attempt(upload: Upload): Promise<void> {
    if (upload.retry) clearTimeout(upload.retry.timer);
    upload.retry = null;
    upload.failedCode = null;
    this.tell();
    try {
      if (isLarge(upload.data)) await this.begin(upload);
    } catch (error) {
      this.failed(upload, error);
      return;
    }
    // Taken away meanwhile.
    if (!this.uploads.has(upload.id)) return;
    // How it ends is told by events.
    await this.uppy.retryUpload(upload.id).catch(() => undefined);
  }

  private async begin(upload: Upload): Promise<void> {
    const { envVar, size } = upload.file;
    if (!upload.multipart) {
      upload.multipart = await this.api.begin(envVar);
      this.listener.kept(envVar, { multipart: upload.multipart });
    }
    const { uploadId, partSize } = upload.multipart;
    upload.partUrls ??= new PartUrls(Math.ceil(size / partSize), (numbers) => this.api.signParts(envVar, uploadId, numbers));
    // With both, Uppy takes the upload for one that is gone on with. It only hands the key back, which the server knows.
    const restored = { s3Multipart: { uploadId, key: envVar } };
    if (this.uploads.has(upload.id)) this.uppy.setFileState(upload.id, { isPaused: false, ...restored });
  }

  private async listParts(upload: Upload) {
    const { file, multipart } = upload;
    const parts = await this.api.listParts(file.envVar, begun(multipart).uploadId);
    const bytesUploaded = parts.reduce((sum, { size }) => sum + size, 0);
    // Uppy says it with the next part only.
    const current = this.uppy.getFile(upload.id);
    const uploadStarted = current.progress.uploadStarted ?? Date.now();
    this.uppy.emit('upload-progress', current, { uploadStarted, bytesUploaded, bytesTotal: file.size });
    return parts.map(({ number, size, etag }) => ({ PartNumber: number, Size: size, ETag: etag }));
  }

  private takePartUrl(upload: Upload, partNumber: number): Promise<string> {
    return upload.partUrls?.take(partNumber) ?? Promise.reject(new Error('the upload in parts was not begun'));
  }

  private failed(upload: Upload, error: unknown): void {
    if (!this.uploads.has(upload.id)) return;
    void this.settleFailure(upload, error).then(this.tell);
  }

  private async settleFailure(upload: Upload, error: unknown): Promise<void> {
    const failure = classifyFailure(error);
    upload.failures += 1;
    if (failure.kind === 'begin_again') {
      upload.multipart = null;
      upload.partUrls = null;
      this.listener.kept(upload.file.envVar, { multipart: null });
    }
    if (failure.kind === 'final') upload.failedCode = failure.code;
    else if (!(await isReadable(upload.data))) upload.failedCode = 'file_unreadable';
    else if (failure.kind === 'refused' && upload.failures >= MAX_REFUSALS) upload.failedCode = 'upload_refused';
    else if (this.uploads.has(upload.id)) this.retryLater(upload);
  }

  private retryLater(upload: Upload): void {
    const delay = backOff(upload.failures, Math.random());
    const timer = setTimeout(() => void this.attempt(upload), delay);
    upload.retry = { timer, at: Date.now() + delay };
  }

  /** What waits for its time need not wait longer. */
  private readonly connected = (): void => {
    for (const upload of this.uploads.values()) if (upload.retry) void this.attempt(upload);
    this.tell();
  };

  private readonly tell = (): void => {
    this.snapshot = this.describeAll();
    this.listener.changed();
  };

  private describeAll(): readonly FileUpload[] {
    const done = this.uploaded.map(({ envVar, size }): FileUpload => {
      return { envVar, sent: size, total: size, state: { kind: 'uploaded' } };
    });
    return [...done, ...[...this.uploads.values()].map((upload) => this.describe(upload))];
  }

  private describe({ id, file: { envVar, size }, retry, failedCode }: Upload): FileUpload {
    const { progress, isPaused } = this.uppy.getFile(id);
    const sent = progress.uploadComplete ? size : Math.min(size, Number(progress.bytesUploaded) || 0);
    const state = (): UploadState => {
      if (progress.uploadComplete) return { kind: 'uploaded' };
      if (failedCode !== null) return { kind: 'failed', code: failedCode };
      if (isPaused) return { kind: 'paused' };
      if (!navigator.onLine) return { kind: 'offline' };
      if (retry) return { kind: 'retrying', at: retry.at };
      return { kind: progress.uploadStarted === null || progress.uploadStarted === undefined ? 'waiting' : 'uploading' };
    };
    return { envVar, sent, total: size, state: state() };
  }

  private find(envVar: string): Upload | undefined {
    return [...this.uploads.values()].find(({ file }) => file.envVar === envVar);
  }

  private uploadOf({ id }: { readonly id: string }): Upload {
    const upload = this.uploads.get(id);
    if (!upload) throw new Error('the upload was taken away');
    return upload;
  }

  private partSizeOf(data: { readonly size: number }): number {
    // Uppy hands the very data over that it was given.
    const upload = [...this.uploads.values()].find((candidate) => candidate.data === data);
    return upload?.multipart?.partSize ?? data.size;
  }
}

const ignore = (): void => undefined;

const isLarge = ({ size }: { readonly size: number }): boolean => size > MAX_SINGLE_BYTES;

function begun(multipart: SubmittedFile['multipart']): NonNullable<SubmittedFile['multipart']> {
  if (!multipart) throw new Error('the upload in parts was not begun');
  return multipart;
}

/** A browser sets the length itself, and lets nobody else do so. */
const allowedHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'));

/** A file that was changed, moved or deleted since it was chosen cannot be read any more. */
async function isReadable(file: File): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}
