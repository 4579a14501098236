import type { Adapter } from 'oidc-provider';

/** What oidc-provider would store: nothing, for our clients are configured and access tokens are self-contained JWTs. */
export class NoStorage implements Adapter {
  async upsert(): Promise<void> {}
  async find(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
  async findByUid(): Promise<undefined> {}
  async consume(): Promise<void> {}
  async destroy(): Promise<void> {}
  async revokeByGrantId(): Promise<void> {}
}
