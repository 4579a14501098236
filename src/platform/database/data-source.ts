import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from '../../../migrations';
import { SnakeNamingStrategy } from './snake-naming.strategy';

/** How long a client waits for a connection before the database counts as unreachable; a 503 has to come within 10 s. */
const CONNECT_TIMEOUT_MS = 5_000;
/** No statement of a request may take longer; the worker's and the migrations' are short too. */
const STATEMENT_TIMEOUT_MS = 8_000;

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
    extra: { statement_timeout: STATEMENT_TIMEOUT_MS, keepAlive: true },
  };
}

/** A data source for migrations and scripts; it knows no entities. Not yet connected: `await source.initialize()`. */
export function createDataSource(url: string): DataSource {
  const options = dataSourceOptions(url, 2);
  // An index on a big table takes as long as it takes.
  return new DataSource({ ...options, extra: { statement_timeout: 0 } } as DataSourceOptions);
}
