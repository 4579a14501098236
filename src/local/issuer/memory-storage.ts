import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Enough for a developer's browsers; what is oldest makes room. */
const MAX_ENTRIES = 10_000;

/**
 * What oidc-provider keeps of logins under way and of its sessions: in memory, so that whoever restarts local mode signs in again.
 * Clients are configured, and access tokens are self-contained, so neither is kept.
 *
 * @returns what makes the storage of each of its models.
 */
export function memoryStorage(): (model: string) => Adapter {
  const entries = new Map<string, Entry>();
  return (model) => new MemoryStorage(model, entries);
}

class MemoryStorage implements Adapter {
  constructor(
    private readonly model: string,
    private readonly entries: Map<string, Entry>,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    this.entries.delete(this.key(id));
    this.entries.set(this.key(id), { payload, expiresAt: Date.now() + expiresIn * 1000 });
    for (const key of this.entries.keys()) {
      if (this.entries.size <= MAX_ENTRIES) break;
      this.entries.delete(key);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = this.entries.get(this.key(id));
    return entry && entry.expiresAt > Date.now() ? entry.payload : undefined;
  }

  /** Of sessions, which have a name for others beside their id. */
  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.all().find(([, { payload }]) => payload.uid === uid)?.[1].payload;
  }

  async findByUserCode(): Promise<undefined> {}

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.entries.delete(this.key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of this.all()) if (payload.grantId === grantId) this.entries.delete(key);
  }

  private all(): [string, Entry][] {
    return [...this.entries].filter(([key, { expiresAt }]) => key.startsWith(`${this.model}:`) && expiresAt > Date.now());
  }

  private key(id: string): string {
    return `${this.model}:${id}`;
  }
}
