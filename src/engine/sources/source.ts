import type { BundleFiles } from '../project/bundle-files';
import type { NodeConfig } from '../project/node-config';
import type { Layout, Row } from '../table';

/** A file to read. */
export interface SourceFile {
  /** On this machine; never shown. */
  readonly path: string;
  /** For messages. */
  readonly label: string;
  readonly maxLineBytes: number;
  countBytes(count: number): void;
}

/** A table that can be read once, from its first row to its last. */
export interface OpenTable {
  readonly layout: Layout;
  /** What it is read from; absent where an optional file is not there. */
  readonly file?: { readonly label: string; readonly bytes: number };
  readonly batches: AsyncIterable<Row[]>;
  /** Says, before the first row is read, which slots will be looked at, so that it needs not fill the others. */
  keepOnly?(slots: ReadonlySet<number>): void;
}

const batchSize = 1_000;

/** A table whose rows are all in memory. */
export function tableOf(layout: Layout, rows: readonly Row[]): OpenTable {
  return {
    layout,
    batches: (async function* () {
      for (let i = 0; i < rows.length; i += batchSize) {
        yield rows.slice(i, i + batchSize);
      }
    })(),
  };
}

export interface SourceContext {
  readonly files: BundleFiles;
  /** The folder of the project file that declares the source. */
  readonly directory: string;
}

/** Opens a file of one format: reads as far as its columns. @throws BundleError */
export type TableReader = (file: SourceFile) => Promise<OpenTable>;

/** Reads the settings that a format has. @throws BundleError */
export type FormatPlanner = (config: NodeConfig, context: SourceContext) => TableReader;
