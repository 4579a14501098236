import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findApiClients, MAX_JOBS_COUNTED, type ApiClientView } from './api-clients.queries';

export { MAX_JOBS_COUNTED, type ApiClientView };

/** The programs that have made jobs, as their jobs tell. */
@Injectable()
export class ApiClientsService {
  constructor(private readonly db: DataSource) {}

  /** A page of at most `limit` clients of a partner after a position (null: from the beginning), by client id. */
  async list(
    partner: string,
    position: string | null,
    limit: number,
  ): Promise<{ items: readonly ApiClientView[]; position: string | null }> {
    const rows = await findApiClients(this.db, partner, position, limit + 1);
    const items = rows.slice(0, limit);
    return { items, position: rows.length > limit ? (items.at(-1)?.clientId ?? null) : null };
  }
}
