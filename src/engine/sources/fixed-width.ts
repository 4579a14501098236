import { BundleError } from '../errors';
import type { NodeConfig } from '../project/node-config';
import { hasAstral, sliceText } from '../python/text';
import { layoutOf, type Row } from '../table';
import { parseDelimited } from './delimited-text';
import { singleHeader } from './header';
import { splitLines } from './lines';
import { naTexts } from './na-texts';
import type { FormatPlanner, SourceContext, SourceFile } from './source';
import { textChunks } from './text-chunks';

interface Field {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const batchSize = 1_000;
/** As pandas' `infer_nrows`. */
const linesToGuessFrom = 100;

/**
 * Files of fields at fixed places. As in pandas, a blank field and one that reads like `NA` is a missing value, lines that are all blank
 * vanish, and with `header_rows: n` the first n + 1 lines are left out.
 */
export const planFixedWidth: FormatPlanner = (config, context) => {
  const colspecFile = config.optionalString('colspec_file');
  const fields = colspecFile === undefined ? fieldsFromSettings(config) : fieldsFromFile(colspecFile, config, context);
  const encoding = colspecFile === undefined ? 'utf8' : (config.optionalString('encoding') ?? 'utf8');
  const headerRows = config.has('header_rows') ? config.optionalInteger('header_rows') : undefined;
  const linesToDrop = headerRows === undefined ? 0 : headerRows + 1;
  return async (file) => {
    const found = fields ?? guessFields(await firstLines(file, encoding), config, file);
    return {
      layout: layoutOf(found.map((field) => field.name)),
      batches: readRows(file, found, encoding, linesToDrop),
    };
  };
};

async function* readRows(
  file: SourceFile,
  fields: readonly Field[],
  encoding: string,
  linesToDrop: number,
): AsyncGenerator<Row[]> {
  let line = 0;
  let dropped = 0;
  let batch: Row[] = [];
  for await (const text of splitLines(
    textChunks(file, encoding, () => line),
    file,
  )) {
    line++;
    const row = readFields(text, fields);
    if (row === undefined) {
      continue;
    }
    if (dropped < linesToDrop) {
      dropped++;
      continue;
    }
    batch.push(row);
    if (batch.length === batchSize) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}

/** Undefined for a line without anything in its fields. */
function readFields(line: string, fields: readonly Field[]): Row | undefined {
  const slice = hasAstral(line)
    ? (start: number, end: number): string => sliceText(line, start, end, 1)
    : (start: number, end: number): string => line.slice(start, end);
  const texts = fields.map(({ start, end }) => slice(start, end).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));
  if (texts.every((text) => text.trim() === '')) {
    return undefined;
  }
  return texts.map((text) => (naTexts.has(text) ? NaN : text));
}

/** `colspecs: [[from, to], …]` with `columns` for the names. Undefined if the places are to be guessed. */
function fieldsFromSettings(config: NodeConfig): Field[] | undefined {
  const names = config.names('columns');
  const colspecs = config.optionalList('colspecs');
  if (colspecs === undefined) {
    return undefined;
  }
  if (colspecs.length !== names.length) {
    throw config.error('`colspecs` and `columns` must be equally many', 'colspecs');
  }
  return colspecs.map((spec, index) => {
    const [start, end] = Array.isArray(spec) ? spec : [];
    if (typeof start !== 'number' || typeof end !== 'number') {
      throw config.error('each of `colspecs` is a list of two numbers', 'colspecs');
    }
    return { name: names[index] as string, start, end };
  });
}

async function firstLines(file: SourceFile, encoding: string): Promise<string[]> {
  const lines: string[] = [];
  const uncounted = { ...file, countBytes: (): void => undefined };
  for await (const line of splitLines(
    textChunks(uncounted, encoding, () => lines.length),
    file,
  )) {
    if (line.trim() !== '') {
      lines.push(line);
    }
    if (lines.length === linesToGuessFrom) {
      break;
    }
  }
  return lines;
}

/**
 * The places as pandas guesses them: a field is a run of places that are not blank in all of the first lines. As there, the names are those
 * of the last fields if there are fewer names than fields, and names that are left over are of columns without values.
 */
function guessFields(lines: readonly string[], config: NodeConfig, file: SourceFile): Field[] {
  const names = config.names('columns');
  const width = Math.max(0, ...lines.map((line) => line.length));
  const inUse = Array.from({ length: width + 1 }, (_, place) => lines.some((line) => /[^ \t\r\n]/.test(line[place] ?? '')));
  const starts = [...inUse.keys()].filter((place) => inUse[place] === true && inUse[place - 1] !== true);
  if (starts.length === 0) {
    throw new BundleError('input_invalid', 'the file is empty, and its columns cannot be guessed', { file: file.label });
  }
  const places = starts.map((start) => ({ start, end: inUse.indexOf(false, start) }));
  const named = places.slice(Math.max(0, places.length - names.length));
  return names.map((name, index) => ({ name, ...(named[index] ?? { start: width, end: width }) }));
}

/** A CSV file whose columns are named by `colspec_headers`: `name`, and `width`, or `start` and `end`. */
function fieldsFromFile(name: string, config: NodeConfig, { files, directory }: SourceContext): Field[] {
  const headers = config.mappingOf('colspec_headers');
  const { text, file } = files.read(name, directory, config.place('colspec_file'));
  const [header = [], ...records] = parseDelimited(text, ',').filter((record) => record.length > 0);
  const columns = singleHeader(header);
  const columnOf = (title: string): number => {
    const index = columns.indexOf(title);
    if (index === -1) {
      throw config.error(`\`${file.label}\` has no column \`${title}\``, 'colspec_file', 'column_missing');
    }
    return index;
  };
  const nameHeader = headers.get('name');
  if (typeof nameHeader !== 'string') {
    throw config.error('`colspec_headers` must say which column is the `name`', 'colspec_headers');
  }
  const nameColumn = columnOf(nameHeader);
  // The reference asks for the names of these two columns and then takes the ones that are called so.
  const usesPlaces = headers.get('start') !== undefined && headers.get('end') !== undefined;
  const widthHeader = headers.get('width');
  if (!usesPlaces && typeof widthHeader !== 'string') {
    throw config.error('`colspec_headers` must say `width`, or `start` and `end`', 'colspec_headers');
  }
  const numberAt = (record: readonly string[], column: number): number => {
    const number = Number(record[column]);
    if (record[column]?.trim() === '' || !Number.isInteger(number) || number < 0) {
      throw new BundleError('bundle_invalid', `\`${columns[column]}\` must be a whole number`, {
        file: file.label,
        line: records.indexOf(record as string[]) + 2,
      });
    }
    return number;
  };
  if (usesPlaces) {
    const [start, end] = [columnOf('start_index'), columnOf('end_index')];
    return records.map((record) => ({
      name: record[nameColumn] ?? '',
      start: numberAt(record, start),
      end: numberAt(record, end),
    }));
  }
  const widthColumn = columnOf(String(widthHeader));
  let position = 0;
  return records.map((record) => {
    const start = position;
    position += numberAt(record, widthColumn);
    return { name: record[nameColumn] ?? '', start, end: position };
  });
}
