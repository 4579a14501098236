import { BundleError } from '../errors';
import type { NodeConfig } from '../project/node-config';
import { layoutOf, type Row } from '../table';
import { CsvError, CsvParser } from './csv-parser';
import { multipleHeader, readHeaderRows, singleHeader, type HeaderRows } from './header';
import type { FormatPlanner, OpenTable, SourceFile, TableReader } from './source';
import { textChunks } from './text-chunks';

/** Files of separated values with a header. Every value is a text; a field that is empty or not there is the empty text. */
export function planDelimited(separator: string): FormatPlanner {
  return (config): TableReader => {
    const header = readHeaderRows(config);
    const encoding = config.optionalString('encoding') ?? 'utf8';
    return async (file) => {
      const names = await readNames(file, separator, encoding, header, config);
      return openRecords(file, separator, encoding, header, names);
    };
  };
}

/**
 * Reads as far as the header. The reference reads the file twice, counting blank lines only the second time, so a blank line above the
 * header moves the data but not the names; so the header is found on its own here too.
 */
async function readNames(
  file: SourceFile,
  separator: string,
  encoding: string,
  header: HeaderRows,
  config: NodeConfig,
): Promise<string[]> {
  const last = Math.max(...header.rows);
  const records: string[][] = [];
  const parser = new CsvParser({ separator, maxLineLength: file.maxLineBytes });
  for await (const batch of recordBatches({ ...file, countBytes: () => undefined }, parser, encoding)) {
    records.push(...batch.slice(0, last + 1 - records.length));
    if (records.length > last) {
      break;
    }
  }
  const chosen = header.rows.map((index) => records[index]);
  if (chosen.some((record) => record === undefined)) {
    throw new BundleError('input_invalid', records.length === 0 ? 'the file is empty' : `there is no header row ${last + 1}`, {
      file: file.label,
    });
  }
  const names = header.isMultiple ? multipleHeader(chosen as string[][], header.fillSparse) : singleHeader(chosen[0] as string[]);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw config.error(`two columns of ${file.label} would be named \`${twice}\``, 'header_rows', 'input_invalid');
  }
  return names;
}

function openRecords(
  file: SourceFile,
  separator: string,
  encoding: string,
  header: HeaderRows,
  names: readonly string[],
): OpenTable {
  const parser = new CsvParser({ separator, maxLineLength: file.maxLineBytes, skipLines: header.skipLines });
  let needed: ReadonlySet<number> | undefined;
  return {
    layout: layoutOf(names),
    batches: dataRows(file, parser, recordBatches(file, parser, encoding), names.length, () => needed),
    keepOnly: (slots) => {
      needed = slots;
    },
  };
}

/** @param needed the slots that are looked at; undefined for all */
async function* dataRows(
  file: SourceFile,
  parser: CsvParser,
  batches: AsyncIterable<string[][]>,
  width: number,
  needed: () => ReadonlySet<number> | undefined,
): AsyncGenerator<Row[]> {
  let rowNumber = 0;
  let headerWidth: number | undefined;
  // If the first data row has more fields than the header, pandas takes the first ones of every row for labels.
  let extra = 0;
  let longest = width;
  for await (const records of batches) {
    const batch: Row[] = [];
    for (const record of records) {
      if (headerWidth === undefined) {
        headerWidth = record.length;
        continue;
      }
      if (rowNumber++ === 0) {
        extra = Math.max(0, record.length - width, headerWidth - width);
        longest = width + extra;
        parser.needed = neededFields(needed(), width, extra);
      }
      if (record.length !== longest) {
        if (record.length > longest) {
          throw new BundleError(
            'input_invalid',
            `the row has ${record.length} fields, the header ${width}; is a quote or a separator missing?`,
            { file: file.label, row: rowNumber },
          );
        }
        while (record.length < longest) {
          record.push('');
        }
      }
      batch.push(extra === 0 ? record : record.slice(extra));
    }
    if (batch.length > 0) {
      yield batch;
    }
  }
}

function neededFields(slots: ReadonlySet<number> | undefined, width: number, extra: number): Uint8Array | undefined {
  return slots && Uint8Array.from({ length: extra + width }, (_, field) => (slots.has(field - extra) ? 1 : 0));
}

async function* recordBatches(file: SourceFile, parser: CsvParser, encoding: string): AsyncGenerator<string[][]> {
  try {
    for await (const text of textChunks(file, encoding, () => parser.line)) {
      yield* parser.push(text);
    }
    yield* parser.finish();
  } catch (error) {
    if (!(error instanceof CsvError)) {
      throw error;
    }
    const place = { file: file.label, line: error.line };
    throw error.fault === 'line_too_long'
      ? new BundleError('limit_exceeded', `a row is longer than ${file.maxLineBytes} characters; is a quote not closed?`, place)
      : new BundleError('input_invalid', 'a quote is not closed', place);
  }
}
