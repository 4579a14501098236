import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { OdsSettings } from '../platform/config/settings';
import { Encryption, UndecryptableError } from '../platform/encryption/encryption';
import { outboundUrlFault } from '../platform/outbound/outbound-url';
import { writeAudit, type Actor } from './audit';
import { findLastEditor } from './audit.queries';
import { matchedTags, type Precondition, type PreconditionFailed } from './entity-tag';
import {
  deleteOdsConnection,
  findOdsConnection,
  findOdsConnections,
  insertOdsConnection,
  isSchoolYearEnabled,
  updateOdsConnection,
  type OdsConnectionView,
  type StoredOdsConnection,
} from './ods-connections.queries';
import { decryptOdsCredentials, encryptOdsCredentials, type OdsCredentials } from './ods-credentials';
import type { TenantRef } from './tenants.service';
import { lockTenant } from './tenants.queries';

export type { OdsConnectionView, OdsCredentials };

const EDITS = ['ods_connection.created', 'ods_connection.changed', 'ods_connection.deleted'] as const;

/** Which connection: of a tenant for a school year. */
export interface OdsConnectionRef extends TenantRef {
  readonly endYear: number;
}

export interface SaveOdsConnectionCommand {
  readonly baseUrl: string;
  /** null: those that are stored stay. */
  readonly credentials: OdsCredentials | null;
}

interface TenantNotFound {
  kind: 'tenant_not_found';
}
interface ConnectionNotFound {
  kind: 'ods_connection_not_found';
}
export type ListOdsConnectionsResult = { kind: 'found'; connections: readonly OdsConnectionView[] } | TenantNotFound;
export type SaveOdsConnectionResult =
  | { kind: 'saved'; connection: OdsConnectionView }
  | TenantNotFound
  | { kind: 'school_year_not_enabled' }
  | { kind: 'ods_url_not_allowed'; reason: string }
  | { kind: 'ods_credentials_needed' }
  | PreconditionFailed;
export type DeleteOdsConnectionResult = { kind: 'deleted' } | TenantNotFound | ConnectionNotFound;
export type RevealOdsConnectionResult =
  { kind: 'found'; baseUrl: string; credentials: OdsCredentials } | ConnectionNotFound | { kind: 'ods_credentials_unreadable' };

/**
 * The Ed-Fi APIs of tenants. Key and secret go in and are encrypted; they come out for the one who connects, and for nobody else.
 * A change is written with its audit record, which says that they were replaced and not by what.
 */
@Injectable()
export class OdsConnectionsService {
  constructor(
    private readonly db: DataSource,
    private readonly encryption: Encryption,
    private readonly settings: OdsSettings,
  ) {}

  /** Of a tenant, by school year. */
  async list({ partner, tenant }: TenantRef): Promise<ListOdsConnectionsResult> {
    const connections = await findOdsConnections(this.db, partner, tenant);
    return connections ? { kind: 'found', connections } : { kind: 'tenant_not_found' };
  }

  /**
   * Makes or changes a connection. Stored credentials never go to another base URL than the one that they were given for: whoever
   * changes it has to know them.
   */
  async save(
    actor: Actor,
    { partner, tenant, endYear }: OdsConnectionRef,
    { baseUrl, credentials }: SaveOdsConnectionCommand,
    precondition: Precondition,
  ): Promise<SaveOdsConnectionResult> {
    const reason = outboundUrlFault(baseUrl, this.settings) ?? (baseUrl.includes('?') ? 'must not have a query' : null);
    if (reason !== null) return { kind: 'ods_url_not_allowed', reason };
    return this.db.transaction(async (tx): Promise<SaveOdsConnectionResult> => {
      const locked = await lockTenant(tx, partner, tenant);
      if (!locked) return { kind: 'tenant_not_found' };
      if (!(await isSchoolYearEnabled(tx, locked.id, endYear))) return { kind: 'school_year_not_enabled' };
      const stored = await findOdsConnection(tx, partner, tenant, endYear);
      if (stored?.baseUrl === baseUrl && this.hasCredentials(stored, credentials)) return { kind: 'saved', connection: stored };
      const tags = matchedTags(precondition);
      const subject = { partnerId: locked.partnerId, tenantId: locked.id, endYear };
      const changedMeanwhile = async (): Promise<PreconditionFailed> => ({
        kind: 'precondition_failed',
        editor: await findLastEditor(tx, EDITS, subject),
      });
      const isMeant = stored ? (tags?.includes(stored.etag) ?? true) : precondition.kind === 'none';
      // Whoever has not seen the base URL that there is now did not mean to change it.
      if (!credentials) return isMeant ? { kind: 'ods_credentials_needed' } : changedMeanwhile();
      const uid = stored?.uid ?? uuidv7();
      const values = { uid, baseUrl, credentials: encryptOdsCredentials(this.encryption, uid, credentials) };
      const connection = stored
        ? await updateOdsConnection(tx, values, tags)
        : isMeant
          ? await insertOdsConnection(tx, locked.id, { ...values, endYear })
          : null;
      if (!connection) return changedMeanwhile();
      await writeAudit(tx, actor, {
        action: stored ? 'ods_connection.changed' : 'ods_connection.created',
        ...subject,
        before: stored && { baseUrl: stored.baseUrl },
        after: stored ? { baseUrl, credentialsReplaced: true } : { baseUrl },
      });
      return { kind: 'saved', connection };
    });
  }

  async delete(actor: Actor, { partner, tenant, endYear }: OdsConnectionRef): Promise<DeleteOdsConnectionResult> {
    return this.db.transaction(async (tx): Promise<DeleteOdsConnectionResult> => {
      const locked = await lockTenant(tx, partner, tenant);
      if (!locked) return { kind: 'tenant_not_found' };
      const stored = await findOdsConnection(tx, partner, tenant, endYear);
      if (!stored) return { kind: 'ods_connection_not_found' };
      await deleteOdsConnection(tx, stored.uid);
      const subject = { partnerId: locked.partnerId, tenantId: locked.id, endYear };
      const before = { baseUrl: stored.baseUrl };
      await writeAudit(tx, actor, { action: 'ods_connection.deleted', ...subject, before, after: null });
      return { kind: 'deleted' };
    });
  }

  /** A connection with its key and secret, for the one who connects. They are not to be shown, logged or kept. */
  async reveal({ partner, tenant, endYear }: OdsConnectionRef): Promise<RevealOdsConnectionResult> {
    const stored = await findOdsConnection(this.db, partner, tenant, endYear);
    if (!stored) return { kind: 'ods_connection_not_found' };
    const credentials = this.decrypt(stored);
    return credentials ? { kind: 'found', baseUrl: stored.baseUrl, credentials } : { kind: 'ods_credentials_unreadable' };
  }

  /** @param credentials null: whatever it has. */
  private hasCredentials(stored: StoredOdsConnection, credentials: OdsCredentials | null): boolean {
    if (!credentials) return true;
    const own = this.decrypt(stored);
    return own?.key === credentials.key && own.secret === credentials.secret;
  }

  /** null where no key of ENCRYPTION_KEYS can. */
  private decrypt({ uid, credentials }: StoredOdsConnection): OdsCredentials | null {
    try {
      return decryptOdsCredentials(this.encryption, uid, credentials);
    } catch (error) {
      if (error instanceof UndecryptableError) return null;
      throw error;
    }
  }
}
