import type { NodeConfig } from '../project/node-config';
import { pyStr } from '../python/print';
import { strip, stripLeft, stripRight } from '../python/text';
import type { Value } from '../python/values';
import { isMissing, type Row } from '../table';
import { requireColumn, requireUnique } from './columns';
import type { OperationPlanner } from './operation';

/**
 * One row for each part of a text: wrapper characters go from both ends, the rest is split and each part trimmed. The other columns are
 * repeated, the new one is last, the old one goes. What is missing stays so, as one row.
 */
export const planFlatten: OperationPlanner = (config) => {
  const flattenColumn = config.string('flatten_column');
  const valueColumn = config.string('value_column');
  const left = config.optionalString('left_wrapper') ?? '["\'';
  const right = config.optionalString('right_wrapper') ?? '"\']';
  const trimmed = config.optionalString('trim_whitespace') ?? ' \t\r\n"\'';
  const separator = readSeparator(config);
  return {
    sides: [],
    bind: (layout) => {
      const source = requireColumn(layout, flattenColumn, config, 'flatten_column');
      const others = layout.columns.filter((column) => column !== source);
      const columns = [...others, { name: valueColumn, slot: source.slot, type: 'text' as const }];
      requireUnique(
        columns.map((column) => column.name),
        config,
        'value_column',
      );
      return {
        kind: 'streaming',
        layout: { columns, width: layout.width },
        rows: 'new',
        uses: [source.slot],
        push: (batch) =>
          batch.flatMap((row) => partsOf(row[source.slot] as Value).map((part) => withValue(row, source.slot, part))),
      };
    },
  };

  function partsOf(value: Value): Value[] {
    if (isMissing(value)) {
      return [null];
    }
    return stripRight(stripLeft(pyStr(value), left), right)
      .split(separator)
      .map((part) => strip(part, trimmed));
  }
};

/** pandas takes a separator of more than one character for a regular expression. */
function readSeparator(config: NodeConfig): string | RegExp {
  const separator = config.optionalString('separator') ?? ',';
  if (separator.length <= 1) {
    return separator;
  }
  try {
    return new RegExp(separator, 'u');
  } catch (error) {
    throw config.error(`\`separator\` is not a regular expression that can be used: ${String(error)}`, 'separator');
  }
}

function withValue(row: Row, slot: number, value: Value): Row {
  const copy = row.slice();
  copy[slot] = value;
  return copy;
}
