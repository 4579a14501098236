import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../support/application';
import { BUNDLE } from './world';

export interface Submission {
  /** Of the partner's own; its idempotency keys are made of it. */
  readonly name: string;
  readonly tenant: string;
  readonly input: Buffer;
}

export interface Delivery {
  readonly jobUid: string;
  /** The output set's files by name, as downloaded by their links as soon as the job had ended. */
  readonly files: ReadonlyMap<string, DownloadedFile>;
}

export interface DownloadedFile {
  /** What the API says. */
  readonly size: number;
  readonly content: Buffer;
}

export interface PartnerOptions {
  /** Of all web processes; each request goes to the next one, as through a load balancer. */
  readonly urls: readonly string[];
  readonly token: string;
}

/** An answer may take 10 s at most, by the contract; past this the program tries again. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 500;
const POLL_MS = 2_000;
/** What a program may meet and has only to try again: the service or something behind it is away for the moment. */
const UNAVAILABLE = 503;
/** The same request is under way, or died with its process a moment ago. */
const IN_PROGRESS = 'idempotency_in_progress';

/**
 * A partner's program as it has to be: it sends every request again that was not answered or was answered with 503, and gives each
 * thing that it wants done one idempotency key.
 */
export class Partner {
  /** How often a request was sent again, by the reason. */
  readonly retries = new Map<string, number>();
  /** Answers that the contract does not give for anything of this. */
  readonly surprises: string[] = [];
  private turn = 0;

  constructor(private readonly options: PartnerOptions) {}

  /** Creates a job, uploads its file, starts it, waits for its end and downloads what it made, until `signal` aborts. */
  async deliver({ name, tenant, input }: Submission, signal: AbortSignal): Promise<Delivery> {
    const job = { partner: 'demo', tenant, bundle: BUNDLE, schoolYear: '2026', files: { INPUT_FILE: 'results.csv' } };
    const created = await this.call('POST', '/v1/jobs', { body: job, key: `create-${name}` }, signal);
    const { uid, uploads } = created;
    await this.transfer(uploads.INPUT_FILE.url, { method: 'PUT', headers: uploads.INPUT_FILE.headers, body: input }, signal);
    await this.call('POST', `/v1/jobs/${uid}/start`, { key: `start-${name}` }, signal);
    await this.waitForEnd(uid, signal);
    return { jobUid: uid, files: await this.download(uid, signal) };
  }

  private async waitForEnd(uid: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const { status } = await this.get(`/v1/jobs/${uid}`, signal);
      if (status === 'succeeded') return;
      if (status !== 'queued' && status !== 'running') throw new Error(`the job ${uid} is ${status}`);
      await delay(POLL_MS, undefined, { signal });
    }
  }

  private async download(jobUid: string, signal: AbortSignal): Promise<Map<string, DownloadedFile>> {
    const { items } = await this.get(`/v1/output-sets?partner=demo&jobUid=${jobUid}`, signal);
    if (items.length !== 1) throw new Error(`the job ${jobUid} has ${items.length} output sets`);
    const { downloadLinks } = await this.call('POST', `/v1/output-sets/${items[0].uid}/download-links`, {}, signal);
    const files = new Map<string, DownloadedFile>();
    for (const { name, size } of items[0].files as { name: string; size: number }[])
      files.set(name, { size, content: await this.transfer(downloadLinks[name], { method: 'GET' }, signal) });
    return files;
  }

  get(path: string, signal: AbortSignal): Promise<Json> {
    return this.call('GET', path, {}, signal);
  }

  /** @returns the body of the first answer that is a success. @throws Error for one that trying again would not change. */
  private async call(
    method: 'GET' | 'POST',
    path: string,
    { body, key }: { body?: unknown; key?: string },
    signal: AbortSignal,
  ): Promise<Json> {
    const headers = {
      authorization: `Bearer ${this.options.token}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const text = body === undefined ? undefined : JSON.stringify(body);
    return this.untilDone(signal, async (patience) => {
      const url = this.options.urls[this.turn++ % this.options.urls.length];
      const response = await fetch(`${url}${path}`, { method, headers, body: text, signal: patience });
      const json = (await response.json()) as Json;
      if (response.ok) return { kind: 'done', value: json };
      const again = response.status === UNAVAILABLE || json.code === IN_PROGRESS;
      const reason = `${response.status} ${json.code}`;
      return again ? { kind: 'again', reason } : { kind: 'refused', reason: `${method} ${path} answered ${reason}` };
    });
  }

  /** An upload or a download by a presigned URL. */
  private transfer(url: string, init: RequestInit, signal: AbortSignal): Promise<Buffer> {
    return this.untilDone(signal, async (patience) => {
      const response = await fetch(url, { ...init, signal: patience });
      const content = Buffer.from(await response.arrayBuffer());
      if (response.ok) return { kind: 'done', value: content };
      const reason = `${init.method} answered ${response.status} by S3`;
      return { kind: response.status >= 500 ? 'again' : 'refused', reason };
    });
  }

  private async untilDone<T>(signal: AbortSignal, attempt: (patience: AbortSignal) => Promise<Attempt<T>>): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const timeout = AbortSignal.timeout(PATIENCE_MS);
      const result = await attempt(AbortSignal.any([signal, timeout])).catch((): Attempt<T> => {
        signal.throwIfAborted();
        return { kind: 'again', reason: timeout.aborted ? `no answer in ${PATIENCE_MS / 1000} s` : 'no connection' };
      });
      if (result.kind === 'done') return result.value;
      if (result.kind === 'refused') {
        this.surprises.push(result.reason);
        throw new Error(result.reason);
      }
      this.retries.set(result.reason, (this.retries.get(result.reason) ?? 0) + 1);
      await delay(RETRY_MS, undefined, { signal });
    }
  }
}

type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** It may work in a moment. */
  | { readonly kind: 'again'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };
