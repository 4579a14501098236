import { Logger } from '@nestjs/common';
import type { Clock } from './clock';
import type { KeySet } from './key-set';

export type KeyLookup =
  { readonly kind: 'found'; readonly keys: KeySet } | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number };

/** What the last answer of the issuer was; for the health report. */
export type IssuerState = 'not_asked' | 'reachable' | 'unreachable';

/** With keys in hand the issuer is asked again at most this often, whoever sends which tokens. */
const REFETCH_INTERVAL_MS = 30_000;
/** Without any keys nothing works, so recovery has to be quick. */
const FIRST_FETCH_INTERVAL_MS = 1000;
/** A request that could go on with expired keys waits this long for newer ones; a slow issuer must not slow us for longer. */
const PATIENCE_MS = 1000;

interface Flight {
  /** Settles when the issuer has answered or failed; never rejects. */
  readonly done: Promise<void>;
  /** Settles when those who have keys should wait no longer. */
  readonly slow: Promise<void>;
}

/**
 * The issuer's keys, fetched when first needed and kept through its outages. Requests that need a fetch at the same time
 * share one.
 */
export class IssuerKeys {
  private readonly logger = new Logger(IssuerKeys.name);
  private good: { readonly keys: KeySet; readonly fetchedAt: number } | null = null;
  private failedAt = -Infinity;
  private flight: Flight | null = null;
  private lastState: IssuerState = 'not_asked';

  /** @param fetchKeys rejects where the issuer is unreachable or its answer not acceptable. */
  constructor(
    private readonly fetchKeys: () => Promise<KeySet>,
    private readonly settings: { readonly jwksCacheSeconds: number; readonly jwksMaxStaleSeconds: number },
    private readonly clock: Clock,
  ) {}

  get state(): IssuerState {
    return this.lastState;
  }

  /** The keys to verify a token with: cached, or else fetched, or else (the issuer is away) the last good ones. */
  async current(): Promise<KeyLookup> {
    if (this.ageMs() < this.settings.jwksCacheSeconds * 1000) return this.lookup();
    const hasStaleKeys = this.lookup().kind === 'found';
    const interval = hasStaleKeys ? REFETCH_INTERVAL_MS : FIRST_FETCH_INTERVAL_MS;
    if (this.flight || this.sinceFailureMs() >= interval) {
      const { done, slow } = this.refresh();
      await (hasStaleKeys ? Promise.race([done, slow]) : done);
    }
    return this.lookup();
  }

  /**
   * For a token whose key is not among the current ones. Answers the current ones again where they were fetched moments
   * ago: the issuer has no such key then. Unavailable where it cannot be asked, or failed to answer moments ago.
   */
  async refetched(): Promise<KeyLookup> {
    if (this.ageMs() < REFETCH_INTERVAL_MS) return this.lookup();
    const waitMs = REFETCH_INTERVAL_MS - this.sinceFailureMs();
    if (!this.flight && waitMs > 0) return { kind: 'unavailable', retryAfterSeconds: Math.ceil(waitMs / 1000) };
    await this.refresh().done;
    if (this.ageMs() < REFETCH_INTERVAL_MS) return this.lookup();
    return { kind: 'unavailable', retryAfterSeconds: REFETCH_INTERVAL_MS / 1000 };
  }

  private lookup(): KeyLookup {
    if (this.good && this.ageMs() <= this.settings.jwksMaxStaleSeconds * 1000) return { kind: 'found', keys: this.good.keys };
    return { kind: 'unavailable', retryAfterSeconds: FIRST_FETCH_INTERVAL_MS / 1000 };
  }

  private ageMs(): number {
    return this.good ? this.clock.monotonicMs() - this.good.fetchedAt : Infinity;
  }

  private sinceFailureMs(): number {
    return this.clock.monotonicMs() - this.failedAt;
  }

  private refresh(): Flight {
    if (!this.flight) {
      let timer: NodeJS.Timeout;
      const slow = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, PATIENCE_MS).unref();
      });
      const done = this.fetch().finally(() => {
        clearTimeout(timer);
        this.flight = null;
      });
      this.flight = { done, slow };
    }
    return this.flight;
  }

  private async fetch(): Promise<void> {
    try {
      const keys = await this.fetchKeys();
      this.good = { keys, fetchedAt: this.clock.monotonicMs() };
      if (this.lastState === 'unreachable') this.logger.log('the token issuer answers again');
      this.lastState = 'reachable';
    } catch (error) {
      this.failedAt = this.clock.monotonicMs();
      // Once an outage: it is asked up to once a second while it is away.
      if (this.lastState !== 'unreachable') this.logger.warn({ err: error }, 'the token issuer is unreachable');
      this.lastState = 'unreachable';
    }
  }
}
