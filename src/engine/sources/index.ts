import { stat } from 'node:fs/promises';
import { BundleError } from '../errors';
import type { NodeConfig } from '../project/node-config';
import { isPlaceholder } from '../project/parameters';
import { columnNames, findColumn, layoutOf, type Layout, type Row } from '../table';
import { planDelimited } from './delimited';
import { planExcel } from './excel';
import { planFixedWidth } from './fixed-width';
import { planJson, planJsonLines } from './json-source';
import type { FormatPlanner, OpenTable, SourceContext, SourceFile, TableReader } from './source';

export type { OpenTable, SourceContext } from './source';

/** The formats that can be read, by the reference's names. */
const formats: ReadonlyMap<string, FormatPlanner> = new Map([
  ['csv', planDelimited(',')],
  ['tsv', planDelimited('\t')],
  ['excel', planExcel],
  ['fixedwidth', planFixedWidth],
  ['json', planJson],
  ['jsonl', planJsonLines],
]);

const formatsByExtension: ReadonlyMap<string, string> = new Map([
  ...['csv', 'tsv', 'json', 'jsonl', 'xml', 'html', 'orc', 'parquet', 'feather', 'pickle'].map((name) => [name, name] as const),
  ['ndjson', 'jsonl'],
  ['fwf', 'fixedwidth'],
  ['txt', 'fixedwidth'],
  ...['xls', 'xlsx', 'xlsm', 'xlsb', 'odf', 'ods', 'odt'].map((name) => [name, 'excel'] as const),
  ['pkl', 'pickle'],
  ['dta', 'stata'],
  ['sas7bdat', 'sas'],
  ['sav', 'spss'],
]);

export const sourceSettings: readonly string[] = [
  ...[
    'file',
    'type',
    'columns',
    'header_rows',
    'fill_sparse_headers',
    'colspec_file',
    'colspecs',
    'colspec_headers',
    'rename_cols',
  ],
  ...['encoding', 'sheet', 'object_type', 'match', 'orientation', 'xpath', 'optional', 'optional_fields', 'connection', 'query'],
];

/** A source whose settings are known to be right. */
export interface PlannedSource {
  /** The name of the file that it reads, as the bundle has it; undefined where none is given. */
  readonly fileName: string | undefined;
  /** @throws BundleError */
  open(options: { maxLineBytes: number; countBytes: (count: number) => void }): Promise<OpenTable>;
}

interface ColumnSettings {
  readonly optional: boolean;
  readonly columns: readonly string[] | undefined;
  readonly rename: boolean;
  readonly optionalFields: readonly string[];
}

/** Reads a source's settings. @throws BundleError */
export function planSource(config: NodeConfig, context: SourceContext): PlannedSource {
  if (config.has('connection')) {
    const what = config.has('query') ? 'databases are not read' : 'FTP is not read';
    return { fileName: undefined, open: () => Promise.reject(config.error(what, 'connection', 'not_supported')) };
  }
  if (!config.mapping.entries.has('file')) {
    throw config.error('`file` is missing');
  }
  const settings = readColumnSettings(config);
  // A parameter that nobody gave leaves its placeholder; for an optional source that is no file.
  const given = config.optionalString('file') ?? '';
  const fileName = given === '' || (settings.optional && isPlaceholder(given)) ? undefined : given;
  if (fileName === undefined) {
    return {
      fileName,
      open: () =>
        settings.optional
          ? Promise.resolve(absentTable(settings))
          : Promise.reject(config.error('the file is missing', 'file', 'file_unavailable')),
    };
  }
  if (fileName.includes('://')) {
    throw config.error('addresses are not read; give a file', 'file', 'not_supported');
  }
  if (isPlaceholder(fileName)) {
    const notGiven = config.error(`no file is given for \`${fileName}\``, 'file', 'file_unavailable');
    return { fileName, open: () => Promise.reject(notGiven) };
  }
  const read = planFormat(config, fileName, context);
  return {
    fileName,
    open: async ({ maxLineBytes, countBytes }) => {
      const file = context.files.find(fileName, context.files.directory, config.place('file'));
      if (file === undefined) {
        if (settings.optional) {
          return absentTable(settings);
        }
        const label = context.files.label(fileName, context.files.directory);
        throw config.error(`the file \`${label}\` is not there`, 'file', 'file_unavailable');
      }
      const source: SourceFile = { path: file.path, label: file.label, maxLineBytes, countBytes };
      const table = chooseColumns(await read(source), settings, config, file.label);
      const layout = file.isInput
        ? { ...table.layout, origin: { file: file.label, columns: new Set(columnNames(table.layout)) } }
        : table.layout;
      return { ...table, layout, file: { label: file.label, bytes: (await stat(file.path)).size } };
    },
  };
}

function readColumnSettings(config: NodeConfig): ColumnSettings {
  const optional = isTruthy(config.value('optional'));
  const columns = config.optionalNames('columns');
  const rename = config.optionalBoolean('rename_cols') ?? false;
  if (optional && (columns ?? []).length === 0) {
    throw config.error('an optional source must say its `columns`', 'optional');
  }
  if (rename && (columns ?? []).length === 0) {
    throw config.error('`rename_cols` needs `columns`', 'rename_cols');
  }
  return { optional, columns, rename, optionalFields: config.optionalNames('optional_fields') ?? [] };
}

function isTruthy(value: unknown): boolean {
  return value !== undefined && value !== false && value !== '' && value !== 0;
}

function planFormat(config: NodeConfig, fileName: string, context: SourceContext): TableReader {
  const extension = fileName.toLowerCase().split('.').at(-1) ?? '';
  const type = config.optionalString('type') ?? formatsByExtension.get(extension);
  if (type === undefined) {
    throw config.error(
      `the format cannot be told from the name; set \`type\` to one of ${[...formats.keys()].join(', ')}`,
      'file',
    );
  }
  const planner = formats.get(type);
  if (planner !== undefined) {
    return planner(config, context);
  }
  if (![...formatsByExtension.values()].includes(type)) {
    throw config.error(`the format \`${type}\` is not known`, 'type');
  }
  // Only a source that is read must be readable.
  return () =>
    Promise.reject(config.error(`the format \`${type}\` is not read; convert the file to CSV`, 'file', 'not_supported'));
}

function absentTable(settings: ColumnSettings): OpenTable {
  const layout = layoutOf(settings.columns ?? [], 'text');
  return withOptionalFields({ layout, batches: noBatches() }, settings);
}

async function* noBatches(): AsyncGenerator<Row[]> {}

function chooseColumns(table: OpenTable, settings: ColumnSettings, config: NodeConfig, label: string): OpenTable {
  const { columns, rename } = settings;
  if (columns === undefined || columns.length === 0) {
    return withOptionalFields(table, settings);
  }
  if (rename) {
    const { columns: found } = table.layout;
    if (found.length !== columns.length) {
      throw config.error(`${label} has ${found.length} columns, \`columns\` names ${columns.length}`, 'columns', 'input_invalid');
    }
    return withOptionalFields(
      {
        ...table,
        layout: { ...table.layout, columns: found.map((column, index) => ({ ...column, name: columns[index] as string })) },
      },
      settings,
    );
  }
  const missing = columns.filter(
    (name) => findColumn(table.layout, name) === undefined && !settings.optionalFields.includes(name),
  );
  if (missing.length > 0) {
    throw new BundleError('column_missing', `column \`${missing.join('`, `')}\` is missing`, {
      ...config.place('columns'),
      file: label,
      line: undefined,
    });
  }
  const layout = { ...table.layout, columns: table.layout.columns.filter(({ name }) => columns.includes(name)) };
  return withOptionalFields({ ...table, layout }, settings);
}

/** Adds the optional fields that are absent, as empty texts. */
function withOptionalFields(table: OpenTable, settings: ColumnSettings): OpenTable {
  const absent = [...new Set(settings.optionalFields)].filter((name) => findColumn(table.layout, name) === undefined);
  if (absent.length === 0) {
    return table;
  }
  const { width } = table.layout;
  const added = absent.map((name, index) => ({ name, slot: width + index, type: 'object' as const }));
  const layout: Layout = { columns: [...table.layout.columns, ...added], width: width + absent.length };
  return { ...table, layout, batches: fillSlots(table.batches, width, absent.length) };
}

async function* fillSlots(batches: AsyncIterable<Row[]>, from: number, count: number): AsyncGenerator<Row[]> {
  for await (const batch of batches) {
    for (const row of batch) {
      for (let i = 0; i < count; i++) {
        row[from + i] = '';
      }
    }
    yield batch;
  }
}
