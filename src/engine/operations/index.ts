import { planAddColumns } from './add-columns';
import { planLowercaseColumns, planSnakeCaseColumns, planUppercaseColumns } from './case-columns';
import { planDropColumns, planKeepColumns, planRenameColumns } from './choose-columns';
import { planCombineColumns } from './combine-columns';
import { planDateFormat } from './date-format';
import { planDebug } from './debug';
import { planDistinctRows } from './distinct-rows';
import { planDuplicateColumns } from './duplicate-columns';
import { planFilterRows } from './filter-rows';
import { planFlatten } from './flatten';
import { planGroupBy } from './group-by';
import { planGroupByWithRank } from './group-by-with-rank';
import { planJoin } from './join';
import { planLimitRows } from './limit-rows';
import { planMapValues } from './map-values';
import { planMelt } from './melt';
import { planModifyColumns } from './modify-columns';
import type { OperationPlanner } from './operation';
import { planPivot } from './pivot';
import { planSortRows } from './sort-rows';
import { planUnion } from './union';

export interface OperationKind {
  readonly plan: OperationPlanner;
  /** The settings it knows; others get a warning. */
  readonly settings: readonly string[];
}

/** Every operation, by its name in the project file. */
export const operations: ReadonlyMap<string, OperationKind> = new Map<string, OperationKind>([
  ['add_columns', { plan: planAddColumns, settings: ['columns'] }],
  ['modify_columns', { plan: planModifyColumns, settings: ['columns'] }],
  ['duplicate_columns', { plan: planDuplicateColumns, settings: ['columns'] }],
  ['rename_columns', { plan: planRenameColumns, settings: ['columns'] }],
  ['drop_columns', { plan: planDropColumns, settings: ['columns'] }],
  ['keep_columns', { plan: planKeepColumns, settings: ['columns'] }],
  ['combine_columns', { plan: planCombineColumns, settings: ['columns', 'new_column', 'separator'] }],
  ['map_values', { plan: planMapValues, settings: ['column', 'columns', 'mapping', 'map_file'] }],
  [
    'date_format',
    { plan: planDateFormat, settings: ['column', 'columns', 'from_format', 'to_format', 'ignore_errors', 'exact_match'] },
  ],
  ['snake_case_columns', { plan: planSnakeCaseColumns, settings: [] }],
  ['lowercase_columns', { plan: planLowercaseColumns, settings: [] }],
  ['uppercase_columns', { plan: planUppercaseColumns, settings: [] }],
  ['distinct_rows', { plan: planDistinctRows, settings: ['column', 'columns'] }],
  ['filter_rows', { plan: planFilterRows, settings: ['query', 'behavior'] }],
  ['sort_rows', { plan: planSortRows, settings: ['columns', 'descending'] }],
  ['limit_rows', { plan: planLimitRows, settings: ['count', 'offset'] }],
  [
    'flatten',
    {
      plan: planFlatten,
      settings: ['flatten_column', 'left_wrapper', 'right_wrapper', 'separator', 'value_column', 'trim_whitespace'],
    },
  ],
  [
    'join',
    {
      plan: planJoin,
      settings: [
        ...['sources', 'join_type', 'left_key', 'left_keys', 'right_key', 'right_keys'],
        ...['left_keep_columns', 'left_drop_columns', 'right_keep_columns', 'right_drop_columns'],
      ],
    },
  ],
  ['union', { plan: planUnion, settings: ['sources', 'fill_missing_columns'] }],
  ['debug', { plan: planDebug, settings: ['function', 'rows', 'transpose', 'skip_columns', 'keep_columns'] }],
  ['melt', { plan: planMelt, settings: ['id_vars', 'value_vars', 'var_name', 'value_name'] }],
  ['pivot', { plan: planPivot, settings: ['rows_by', 'cols_by', 'values'] }],
  ['group_by', { plan: planGroupBy, settings: ['group_by_columns', 'create_columns'] }],
  ['group_by_with_rank', { plan: planGroupByWithRank, settings: ['group_by_columns', 'rank_column'] }],
]);
