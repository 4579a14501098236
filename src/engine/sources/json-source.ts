import { BundleError } from '../errors';
import { jsonLoads } from '../python/json-loads';
import { PyDict, PyError, type Value } from '../python/values';
import { inferColumns } from './json-columns';
import { splitLines } from './lines';
import { tableOf, type FormatPlanner, type OpenTable, type SourceFile } from './source';
import { textChunks } from './text-chunks';

/** One JSON object a line. The types of columns depend on all their values, so the file is held in memory. */
export const planJsonLines: FormatPlanner = () => async (file) => {
  const records: PyDict[] = [];
  let line = 0;
  for await (const text of splitLines(
    textChunks(file, 'utf8', () => line),
    file,
  )) {
    line++;
    if (text.trim() !== '') {
      records.push(asRecord(parse(text, file, line), file, line));
    }
  }
  return infer(records);
};

/** A list of objects, or an object of columns (each an object of values by row label, or a list), as `orientation` says. */
export const planJson: FormatPlanner = (config) => {
  const orientation = config.optionalString('orientation') ?? 'columns';
  if (!['columns', 'records', 'index'].includes(orientation) || (config.optionalString('object_type') ?? 'frame') !== 'frame') {
    throw config.error('`orientation` may be columns, records or index, and `object_type` frame', 'orientation', 'not_supported');
  }
  return async (file) => {
    let text = '';
    for await (const piece of textChunks(file, 'utf8', () => 0)) {
      text += piece;
    }
    const value = parse(text, file, undefined);
    if (Array.isArray(value)) {
      return infer(value.map((item, index) => asRecord(item, file, undefined, index + 1)));
    }
    if (!(value instanceof PyDict)) {
      throw new BundleError('input_invalid', 'the file must be a list of objects or an object', { file: file.label });
    }
    return infer(
      orientation === 'index'
        ? [...value.values()].map((item) => asRecord(item, file, undefined))
        : recordsOfColumns(value, file),
    );
  };
};

function parse(text: string, file: SourceFile, line: number | undefined): Value {
  try {
    return jsonLoads(text);
  } catch (error) {
    throw error instanceof PyError
      ? new BundleError('input_invalid', `not JSON: ${error.message}`, { file: file.label, line })
      : error;
  }
}

function asRecord(value: Value, file: SourceFile, line: number | undefined, row?: number): PyDict {
  if (!(value instanceof PyDict)) {
    throw new BundleError('input_invalid', 'a row must be a JSON object', { file: file.label, line, row });
  }
  return value;
}

function recordsOfColumns(columns: PyDict, file: SourceFile): PyDict[] {
  const records = new Map<Value, PyDict>();
  for (const [name, column] of columns.entries()) {
    const entries = column instanceof PyDict ? column.entries() : Array.isArray(column) ? column.entries() : undefined;
    if (entries === undefined) {
      throw new BundleError('input_invalid', `the column \`${String(name)}\` must be an object or a list`, { file: file.label });
    }
    for (const [label, value] of entries) {
      let record = records.get(label);
      if (record === undefined) {
        record = new PyDict();
        records.set(label, record);
      }
      record.set(name, value);
    }
  }
  return [...records.values()];
}

function infer(records: readonly PyDict[]): OpenTable {
  const { layout, rows } = inferColumns(records);
  return tableOf(layout, rows);
}
