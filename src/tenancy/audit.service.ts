import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findAuditRecords, type AuditFilter, type AuditView } from './audit.queries';
import { toPage, type Page } from './page';

export type { AuditFilter, AuditView };

/** What administrators changed. */
@Injectable()
export class AuditService {
  constructor(private readonly db: DataSource) {}

  /** A page of at most `limit` records after a position (null: from the newest), newest first. */
  async list(filter: AuditFilter, position: string | null, limit: number): Promise<Page<AuditView>> {
    const [milliseconds, id = ''] = position?.split('.') ?? [];
    const before = position === null ? null : { at: new Date(Number(milliseconds)), id };
    const rows = await findAuditRecords(this.db, filter, before, limit + 1);
    return toPage(rows, limit, (row) => `${row.at.getTime()}.${row.id}`);
  }
}
