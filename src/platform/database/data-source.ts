import { Socket } from 'node:net';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from '../../../migrations';
import { SnakeNamingStrategy } from './snake-naming.strategy';

/** How long a client waits for a connection before the database counts as unreachable; a 503 has to come within 10 s. */
const CONNECT_TIMEOUT_MS = 5_000;
/** No statement of a request may take longer; the worker's and the migrations' are short too. */
const STATEMENT_TIMEOUT_MS = 8_000;
/**
 * A connection on which nothing came for so long is dead: its machine vanished, or a firewall forgot it, and TCP alone would wait for a
 * quarter of an hour. Above the statement's limit, which the server keeps, and below the 10 s of a 503.
 */
const SILENT_MS = 9_000;
/** Shorter, so that what nobody uses is closed in order before it counts as dead. */
const IDLE_MS = 5_000;
/** After so long the server lets go of what a transaction had locked whose process stands still, or vanished. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** The options of every connection to Postgres. The schema is changed by migrations alone, never by `synchronize`. */
export function dataSourceOptions(url: string, poolSize = 10): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    migrations,
    migrationsTableName: 'migration',
    namingStrategy: new SnakeNamingStrategy(),
    synchronize: false,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'slipway',
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      idleTimeoutMillis: IDLE_MS,
      keepAlive: true,
      stream: () => impatientSocket(),
    },
  };
}

function impatientSocket(): Socket {
  const socket = new Socket();
  const silent = Object.assign(new Error('Postgres has been silent for too long'), { code: 'ETIMEDOUT' });
  return socket.setTimeout(SILENT_MS, () => socket.destroy(silent));
}

/** A data source for migrations and scripts; it knows no entities. Not yet connected: `await source.initialize()`. */
export function createDataSource(url: string): DataSource {
  const options = dataSourceOptions(url, 2);
  // An index on a big table takes as long as it takes.
  return new DataSource({ ...options, extra: { statement_timeout: 0 } } as DataSourceOptions);
}
