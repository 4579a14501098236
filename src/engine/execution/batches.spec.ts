import fc from 'fast-check';
import { BundleError } from '../errors';
import { HeldMemory } from '../held/held-memory';
import { operations } from '../operations';
import type { OperationContext, PlannedOperation } from '../operations/operation';
import { BundleFiles } from '../project/bundle-files';
import { NodeConfig } from '../project/node-config';
import { parseYaml, type YamlMapping } from '../project/yaml';
import { pyRepr } from '../python/print';
import type { Value } from '../python/values';
import { Templates } from '../templates';
import { columnNames, layoutOf, type Layout, type Row } from '../table';
import type { Consumer } from './consumer';
import { HeldTable } from './held-table';
import { OperationChain } from './operation-chain';

const place = { file: 'earthmover.yaml', line: 1, node: '$transformations.t' };
const files = new BundleFiles({ directory: __dirname, inputs: {} });
const side = '$sources.side';

/** Operations over the columns a, b, c, some of which are not there any more after others. */
const operationTexts = [
  '{operation: add_columns, columns: {d: "{{ a }}-{{ b }}", e: 7}}',
  '{operation: modify_columns, columns: {a: "{{ value | upper }}", "*": "{{ value }}"}}',
  '{operation: duplicate_columns, columns: {a: f}}',
  '{operation: rename_columns, columns: {c: g}}',
  '{operation: drop_columns, columns: ["[bd]"]}',
  '{operation: keep_columns, columns: [c, a, b]}',
  '{operation: combine_columns, columns: [a, b], new_column: h, separator: "+"}',
  '{operation: map_values, column: a, mapping: {x: "1", y: null, "1": 5}}',
  '{operation: date_format, column: b, from_format: "%Y", to_format: "%y", ignore_errors: true}',
  "{operation: filter_rows, query: \"a != 'x' or c == ''\", behavior: include}",
  "{operation: filter_rows, query: \"b.isin(['1', 'y'])\", behavior: exclude}",
  '{operation: distinct_rows, columns: [a]}',
  '{operation: distinct_rows}',
  '{operation: sort_rows, columns: [a, b, c]}',
  '{operation: sort_rows, columns: [b], descending: true}',
  '{operation: limit_rows, count: 9, offset: 3}',
  '{operation: flatten, flatten_column: c, separator: " ", value_column: v, left_wrapper: "[", right_wrapper: "]"}',
  '{operation: group_by, group_by_columns: [a], create_columns: {n: count(), all: "agg(b,;)", last: str_max(b)}}',
  '{operation: group_by, group_by_columns: [b, a], create_columns: {n: size(), m: max(c), l: min(c), s: sum(a)}}',
  '{operation: map_values, column: b, mapping: {x: 1, y: 2.5, "": null, "1": 1, "2": 2, "2024": 3, "é": 4, "[p q]": 5}}',
  '{operation: group_by_with_rank, group_by_columns: [a], rank_column: r}',
  '{operation: melt, id_vars: [a], value_vars: [b, c], var_name: b, value_name: c}',
  '{operation: pivot, rows_by: c, cols_by: b, values: a}',
  '{operation: snake_case_columns}',
  '{operation: debug, function: head}',
  ...['inner', 'left', 'right', 'outer'].map(
    (type) => `{operation: join, sources: [${side}], join_type: ${type}, left_key: a, right_key: k}`,
  ),
  `{operation: union, sources: [${side}], fill_missing_columns: true}`,
];

const cell: fc.Arbitrary<Value> = fc.constantFrom<Value[]>('', 'x', 'y', '1', '2', '2024', '[p q]', 'é', NaN, null);
const tableOf = (width: number, maxLength: number): fc.Arbitrary<Value[][]> =>
  fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength });

interface Result {
  readonly columns: string[];
  readonly rows: string[][];
}

class Collector implements Consumer {
  private layout: Layout = layoutOf([]);
  private readonly rows: string[][] = [];

  open(layout: Layout): Promise<void> {
    this.layout = layout;
    return Promise.resolve();
  }

  push(batch: Row[]): Promise<void> {
    for (const row of batch) {
      this.rows.push(this.layout.columns.map(({ slot }) => pyRepr(row[slot] as Value)));
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get result(): Result {
    return { columns: columnNames(this.layout), rows: this.rows };
  }
}

function plan(texts: readonly string[]): PlannedOperation[] {
  const context: OperationContext = {
    files,
    templates: new Templates(files, []),
    warn: () => undefined,
    memory: new HeldMemory(Infinity),
    tracksLabels: texts.some((text) => text.includes('with_rank')),
  };
  return texts.flatMap((text, index) => {
    const mapping = parseYaml(text, place.file) as YamlMapping;
    const name = mapping.get('operation') as string;
    const config = new NodeConfig(mapping, { node: place.node, operation: `${name} (${index + 1})` });
    const planned = operations.get(name)?.plan(config, context) ?? [];
    return 'bind' in planned ? [planned] : planned;
  });
}

async function runInBatches(
  texts: readonly string[],
  table: readonly Value[][],
  sideTable: readonly Value[][],
  size: number,
  owned: boolean,
): Promise<Result | string> {
  const held = new HeldTable(new HeldMemory(Infinity).account(place));
  await held.open(layoutOf(['k', 'b']));
  await held.push(sideTable.map((row) => [...row]));
  await held.close();
  const input = table.map((row) => [...row]);
  const collector = new Collector();
  try {
    const planned = plan(texts).map((operation) => ({ planned: operation, sides: operation.sides.map(() => held) }));
    const chain = new OperationChain(planned, collector, place, owned, () => undefined);
    await chain.open(layoutOf(['a', 'b', 'c']));
    for (let start = 0; start < input.length; start += size) {
      await chain.push(input.slice(start, start + size));
    }
    await chain.close();
  } catch (error) {
    if (!(error instanceof BundleError)) {
      throw error;
    }
    return error.message;
  }
  if (!owned) {
    // Others read the same rows: they must be as they were.
    expect(input).toEqual(table);
  }
  return collector.result;
}

describe('a chain of operations', () => {
  it('gives the same rows, or the same error, whatever the batches', async () => {
    const outcomes = { rows: 0, errors: 0 };
    const chain = fc.array(fc.constantFrom(...operationTexts), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(chain, tableOf(3, 30), tableOf(2, 8), fc.boolean(), async (texts, table, sideTable, owned) => {
        const whole = await runInBatches(texts, table, sideTable, 1_000, owned);
        outcomes[typeof whole === 'string' ? 'errors' : 'rows']++;
        expect(await runInBatches(texts, table, sideTable, 7, owned)).toEqual(whole);
        expect(await runInBatches(texts, table, sideTable, 1, owned)).toEqual(whole);
      }),
      { seed: 20250401, numRuns: 500 },
    );
    // Most chains must be ones that run, or nothing would be shown.
    expect(outcomes.rows).toBeGreaterThan(200);
  });
});
