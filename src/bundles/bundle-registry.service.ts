import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleSettings } from '../platform/config/settings';
import type { LoadedBundle } from './bundle';
import { checkOut, findRemoteRef, GitError, type GitRepository } from './git';
import { loadRegistry, type LoadedRegistry } from './load-registry';
import { InvalidRegistryError } from './registry-document';
import { parseRegistrySource, type RegistrySource } from './registry-source';

/** How the registry does, for the health answer. Times are RFC 3339. */
export interface RegistryState {
  /** As configured, without credentials. */
  readonly source: string;
  /** `loading`: the first reading is under way. `stale`: the last good one serves. `unavailable`: there was never a good one. */
  readonly status: 'loading' | 'ready' | 'stale' | 'unavailable';
  /** Of what serves now. */
  readonly version: string | null;
  readonly lastRefreshAt: string | null;
  readonly lastSuccessAt: string | null;
  /** Why the last refresh failed, in short. */
  readonly problem: string | null;
  /** Everything that was wrong then, of all bundles; empty where the last refresh succeeded. */
  readonly problems: readonly string[];
}

/** Of a registry that is all wrong nobody reads more. */
const MAX_PROBLEMS = 200;

/** After a failure it is tried again soon, then ever more rarely, but never more rarely than this. */
const MAX_RETRY_SECONDS = 60;

/**
 * The bundles that there are. Reads the registry in the background, at once and then every `refreshSeconds`, and swaps what it
 * serves only for a registry that was read and checked as a whole; whatever fails, the last good one stays. Nothing waits for it
 * at boot.
 */
@Injectable()
export class BundleRegistryService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(BundleRegistryService.name);
  private readonly source: RegistrySource;
  private readonly stopping = new AbortController();
  private registry: LoadedRegistry | null = null;
  private problem: string | null = null;
  private problems: readonly string[] = [];
  private lastRefreshAt: Date | null = null;
  private lastSuccessAt: Date | null = null;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private refreshing: Promise<RegistryState> | null = null;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly settings: BundleSettings) {
    this.source = parseRegistrySource(settings.registry);
  }

  onModuleInit(): void {
    void this.refreshAndSchedule();
  }

  /** Ends the refresh that is under way, and git with it. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.refreshing;
  }

  /** The bundle at a path, as the registry has it now. Keep the object while validating and using it: a refresh may swap it. */
  find(path: string): LoadedBundle | undefined {
    return this.registry?.bundles.get(path);
  }

  /** All bundles, in the registry's order. */
  list(): LoadedBundle[] {
    return [...(this.registry?.bundles.values() ?? [])];
  }

  /** Whether there is anything to serve; if not, a client is told `bundle_registry_unavailable`, never that a bundle is unknown. */
  isLoaded(): boolean {
    return this.registry !== null;
  }

  state(): RegistryState {
    return {
      source: this.source.display,
      status: this.status(),
      version: this.registry?.version ?? null,
      lastRefreshAt: this.lastRefreshAt?.toISOString() ?? null,
      lastSuccessAt: this.lastSuccessAt?.toISOString() ?? null,
      problem: this.problem,
      problems: this.problems,
    };
  }

  private status(): RegistryState['status'] {
    if (this.lastRefreshAt === null) return 'loading';
    if (this.problem === null) return 'ready';
    return this.registry === null ? 'unavailable' : 'stale';
  }

  /** Waits until there is something to serve. @returns whether there is. */
  async whenReady({ timeoutMs }: { timeoutMs: number }): Promise<boolean> {
    if (this.registry === null)
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        this.waiting.add(done);
      });
    return this.registry !== null;
  }

  /** Reads the registry now, or joins the reading that is under way. Never fails: the state says how it went. */
  refresh(): Promise<RegistryState> {
    this.refreshing ??= this.tryRefresh().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async refreshAndSchedule(): Promise<void> {
    await this.refresh();
    if (this.stopping.signal.aborted) return;
    const { refreshSeconds } = this.settings;
    const retrySeconds = Math.min(MAX_RETRY_SECONDS, 2 ** (this.failures - 1), refreshSeconds);
    const seconds = this.failures === 0 ? refreshSeconds : retrySeconds;
    this.timer = setTimeout(() => void this.refreshAndSchedule(), seconds * 1000).unref();
  }

  private async tryRefresh(): Promise<RegistryState> {
    try {
      const loaded = await this.read();
      if (loaded.version !== this.registry?.version)
        this.logger.log(`Bundle registry ${loaded.version}: ${loaded.bundles.size} bundles`);
      this.registry = loaded;
      this.lastSuccessAt = new Date();
      this.failures = 0;
      this.problem = null;
      this.problems = [];
      for (const done of this.waiting) done();
    } catch (error) {
      if (!this.stopping.signal.aborted) this.report(error);
    }
    this.lastRefreshAt = new Date();
    return this.state();
  }

  private report(error: unknown): void {
    this.failures += 1;
    const expected = error instanceof InvalidRegistryError || error instanceof GitError;
    const problem = expected ? error.message : `the registry cannot be read (${errorCode(error)})`;
    this.problems = (error instanceof InvalidRegistryError ? error.faults : [problem]).slice(0, MAX_PROBLEMS);
    if (problem === this.problem) return;
    this.problem = problem;
    const serving = this.registry === null ? 'there is none to serve' : `${this.registry.version} stays`;
    const message = `Bundle registry not refreshed, ${serving}: ${problem}`;
    if (expected) this.logger.warn(message);
    else this.logger.error(message, error instanceof Error ? error.stack : undefined);
  }

  private async read(): Promise<LoadedRegistry> {
    switch (this.source.kind) {
      case 'directory':
        return loadRegistry(this.source.directory, null, this.registry);
      case 'git':
        return this.readGit(this.source);
      case 'invalid':
        throw new InvalidRegistryError([this.source.problem]);
    }
  }

  /** Every bundle is kept in memory, packed, so the work tree is needed only while it is read. */
  private async readGit(source: GitRepository): Promise<LoadedRegistry> {
    const { name, commit } = await findRemoteRef(source, this.stopping.signal);
    if (this.registry?.version === commit) return this.registry;
    const scratch = await mkdtemp(join(tmpdir(), 'slipway-registry-'));
    try {
      const workTree = join(scratch, 'work-tree');
      await mkdir(workTree);
      const fetched = await checkOut(source.url, name, workTree, join(scratch, 'git'), this.stopping.signal);
      return await loadRegistry(workTree, fetched, null);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

/** What can be told to a stranger of an unexpected error: its code, without paths. */
function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal error';
}
