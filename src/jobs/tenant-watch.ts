import type { JobStatus } from './job-status';

export interface JobChange {
  readonly uid: string;
  readonly status: JobStatus;
}

/** What a reader is told next. `reset`: anything may have changed. */
export type TenantNews = { readonly kind: 'jobs'; readonly jobs: readonly JobChange[] } | { readonly kind: 'reset' };

/** So many changed jobs wait for a slow reader; when there are more, all may have changed. */
const MAX_WAITING = 500;

/** Collects for one reader which jobs of a tenant changed: each once, as it was last. */
export class TenantWatch {
  private readonly waiting = new Map<string, JobStatus>();
  private isReset = false;
  private wake: () => void = () => undefined;

  add({ uid, status }: JobChange): void {
    if (this.isReset) return;
    this.waiting.set(uid, status);
    if (this.waiting.size > MAX_WAITING) this.reset();
    this.wake();
  }

  reset(): void {
    this.isReset = true;
    this.waiting.clear();
    this.wake();
  }

  /** Resolves with what changed since it last did, as soon as there is anything; null when the signal aborts. */
  async next(signal: AbortSignal): Promise<TenantNews | null> {
    if (!this.isReset && this.waiting.size === 0 && !signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const { wake } = this;
      signal.addEventListener('abort', wake);
      await woken;
      signal.removeEventListener('abort', wake);
    }
    if (signal.aborted) return null;
    return this.take();
  }

  private take(): TenantNews {
    if (this.isReset) {
      this.isReset = false;
      return { kind: 'reset' };
    }
    const jobs = [...this.waiting].map(([uid, status]) => ({ uid, status }));
    this.waiting.clear();
    return { kind: 'jobs', jobs };
  }
}
