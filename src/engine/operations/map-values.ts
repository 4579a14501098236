import type { NodeConfig } from '../project/node-config';
import { parseDelimited } from '../sources/delimited-text';
import { isFloat, isInt } from '../python/types';
import { doubleOf } from '../python/types';
import { pyFloat, type Value } from '../python/values';
import type { HeldAccount } from '../held/held-memory';
import type { HeldColumn } from '../held/held-column';
import { HeldRows } from '../held/held-rows';
import { isMissing, type Column, type ColumnType, type Layout, type Row } from '../table';
import { YamlMapping, type YamlScalar } from '../project/yaml';
import { requireColumns } from './columns';
import { inBatches, type BoundOperation, type OperationContext, type OperationPlanner } from './operation';
import { valueKey } from '../row-key';

type Mapping = ReadonlyMap<unknown, YamlScalar>;

/**
 * Replaces whole values by the mapping, all at once; values that are not in it stay. As pandas does, a mapped column that has become
 * all numbers (and missing values) is a column of numbers, which takes all its rows to know.
 */
export const planMapValues: OperationPlanner = (config, context) => {
  const names = config.oneOrMoreNames('column', 'columns');
  const mapping = readMapping(config, context);
  const onlyTexts = [...mapping.values()].every((value) => typeof value === 'string');
  return {
    sides: [],
    bind: (layout) => {
      const columns = requireColumns(layout, names, config, config.has('columns') ? 'columns' : 'column');
      const slots = columns.map((column) => column.slot);
      const staysText = onlyTexts && columns.every((column) => column.type === 'object' || column.type === 'text');
      return staysText
        ? streaming(layout, slots, mapping)
        : blocking(layout, columns, mapping, context.memory.account(config.place()));
    },
  };
};

function streaming(layout: Layout, slots: readonly number[], mapping: Mapping): BoundOperation {
  return {
    kind: 'streaming',
    layout,
    rows: 'changed',
    uses: slots,
    push: (batch) => {
      replaceValues(batch, slots, mapping);
      return batch;
    },
  };
}

function blocking(layout: Layout, columns: readonly Column[], mapping: Mapping, account: HeldAccount): BoundOperation {
  const held = HeldRows.of(layout, account);
  const slots = columns.map((column) => column.slot);
  return {
    kind: 'blocking',
    rows: 'changed',
    push: (batch) => {
      replaceValues(batch, slots, mapping);
      held.push(batch);
    },
    finish: () => {
      held.seal();
      const types = new Map(slots.map((slot) => [slot, typeOf(held.column(slot))]));
      const retyped = layout.columns.map((column) => ({ ...column, type: types.get(column.slot) ?? column.type }));
      const floats = slots.filter((slot) => types.get(slot) === 'float');
      const toFloats = (row: Row): void => floats.forEach((slot) => (row[slot] = asFloat(row[slot] as Value)));
      return { layout: { ...layout, columns: retyped }, batches: inBatches(held.rows(), toFloats) };
    },
    release: () => account.release(),
  };
}

function replaceValues(batch: readonly Row[], slots: readonly number[], mapping: Mapping): void {
  for (const row of batch) {
    for (const slot of slots) {
      const value = row[slot] as Value;
      const replacement = mapping.get(typeof value === 'string' ? value : valueKey(value));
      if (replacement !== undefined) {
        row[slot] = replacement;
      }
    }
  }
}

/** The type of a column by its values. */
function typeOf(values: HeldColumn): ColumnType {
  let ints = 0;
  let floats = 0;
  let booleans = 0;
  let missing = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values.get(index);
    if (isMissing(value)) {
      missing++;
    } else if (typeof value === 'boolean') {
      booleans++;
    } else if (isInt(value)) {
      ints++;
    } else if (isFloat(value)) {
      floats++;
    } else {
      return 'object';
    }
  }
  if (booleans > 0 || values.length === 0) {
    return booleans === values.length && booleans > 0 ? 'bool' : 'object';
  }
  if (floats === 0 && missing === 0) {
    return 'int';
  }
  return ints + floats > 0 ? 'float' : 'object';
}

function asFloat(value: Value): Value {
  return isMissing(value) ? NaN : isInt(value) || isFloat(value) ? pyFloat(doubleOf(value)) : value;
}

function readMapping(config: NodeConfig, context: OperationContext): Mapping {
  const inline = config.optionalMapping('mapping');
  if (inline !== undefined && inline.entries.size > 0) {
    return inlineMapping(inline, config);
  }
  const file = config.optionalString('map_file');
  if (file === undefined) {
    throw config.error('give a `mapping`, or a `map_file` of two columns');
  }
  return fileMapping(file, config, context);
}

function inlineMapping(mapping: YamlMapping, config: NodeConfig): Mapping {
  const result = new Map<unknown, YamlScalar>();
  for (const [key, { value }] of mapping.entries) {
    if (Array.isArray(value) || value instanceof YamlMapping) {
      throw config.error('`mapping` gives single values', 'mapping');
    }
    result.set(valueKey(key), value);
  }
  return result;
}

/** A CSV or TSV file with a header line and two columns; of two equal values to replace the last counts. */
function fileMapping(file: string, config: NodeConfig, { files }: OperationContext): Mapping {
  const place = config.place('map_file');
  const { text, file: found } = files.read(file, files.directory, place);
  const separator = found.label.toLowerCase().endsWith('.tsv') ? '\t' : ',';
  const result = new Map<unknown, YamlScalar>();
  parseDelimited(text, separator).forEach((fields, index) => {
    const [from, to] = fields;
    if (from === undefined || to === undefined || fields.length !== 2) {
      throw config.error(
        `\`${found.label}\` must have two columns in every line, record ${index + 1} has ${fields.length}`,
        'map_file',
      );
    }
    if (index > 0) {
      result.set(from, to);
    }
  });
  return result;
}
