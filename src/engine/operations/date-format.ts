import { flatText } from '../flat-text';
import type { NodeConfig } from '../project/node-config';
import { pyStr } from '../python/print';
import type { Value } from '../python/values';
import { assignColumn, isMissing, type Row } from '../table';
import { requireColumns } from './columns';
import { dateParser, type DateParser } from './date-parse';
import { print } from './date-print';
import type { OperationPlanner } from './operation';

const missingTexts = new Set(['', 'NaT', 'nat', 'NAT', 'nan', 'NaN', 'NAN']);
const maxRemembered = 100_000;

/**
 * Rewrites dates from one format into another. A text that is not such a date is an error, or missing with `ignore_errors`; an empty
 * one is always missing. Times are in UTC and have no zone.
 */
export const planDateFormat: OperationPlanner = (config) => {
  const names = config.oneOrMoreNames('column', 'columns');
  const fromFormat = config.string('from_format');
  const toFormat = config.string('to_format');
  const ignoreErrors = config.optionalBoolean('ignore_errors') ?? false;
  const parse = dateParser(fromFormat, config.optionalBoolean('exact_match') ?? false);
  if (parse === undefined) {
    throw config.error(`\`from_format\` has a directive that cannot be read: \`${fromFormat}\``, 'from_format', 'not_supported');
  }
  return {
    sides: [],
    bind: (start) => {
      let layout = start;
      const convert = converter(parse, print(toFormat));
      const columns = requireColumns(layout, names, config, config.has('columns') ? 'columns' : 'column');
      for (const column of columns) {
        layout = assignColumn(layout, column.name, 'object').layout;
      }
      let rowNumber = 0;
      return {
        kind: 'streaming',
        layout,
        rows: 'changed',
        uses: columns.map((column) => column.slot),
        push: (batch) => {
          for (const row of batch) {
            rowNumber++;
            for (const column of columns) {
              const result = convert(row[column.slot] as Value);
              if (result === undefined && !ignoreErrors) {
                throw notADate(config, fromFormat, column.name, rowNumber);
              }
              row[column.slot] = result ?? NaN;
            }
          }
          return batch;
        },
      };
    },
  };
};

/** Undefined where the value is no date of the format. A file has few dates, so results are remembered. */
function converter(parse: DateParser, toText: ReturnType<typeof print>): (value: Value) => Row[number] | undefined {
  const known = new Map<string, string | undefined>();
  return (value) => {
    if (isMissing(value)) {
      return NaN;
    }
    const text = pyStr(value);
    if (missingTexts.has(text)) {
      return NaN;
    }
    let result = known.get(text);
    if (result === undefined && !known.has(text)) {
      const date = parse(text);
      result = date === undefined ? undefined : toText(date);
      if (known.size < maxRemembered) {
        known.set(flatText(text), result);
      }
    }
    return result;
  };
}

function notADate(config: NodeConfig, format: string, column: string, row: number): Error {
  return config
    .error(
      `the value is not a date by the format \`${format}\`; correct the input or set \`ignore_errors\``,
      'from_format',
      'operation_failed',
    )
    .at({ column, row });
}
