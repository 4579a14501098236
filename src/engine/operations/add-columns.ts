import type { NodeConfig } from '../project/node-config';
import { isFloat, isInt } from '../python/types';
import { YamlMapping, type YamlScalar, type YamlValue } from '../project/yaml';
import { assignColumn, type ColumnType, type Layout, type Row } from '../table';
import { containsJinja } from '../templates';
import type { OperationContext, OperationPlanner, StreamingOperation } from './operation';

/** Gives each named column, in turn, a constant or what its template renders; later columns see earlier ones. */
export const planAddColumns: OperationPlanner = (config, context) => {
  const entries = config.entriesOf('columns').map((entry) => ({ ...entry, value: columnValue(entry.value, config) }));
  return {
    sides: [],
    bind: (layout) => {
      const assignments = new ColumnAssignments(layout);
      for (const { name, value, line } of entries) {
        assignments.assign(name, value, line, assignments.layout, config, context);
      }
      return assignments.operation();
    },
  };
};

/** A column's new value as the bundle gives it. @throws BundleError if it is a list or a mapping */
export function columnValue(value: YamlValue, config: NodeConfig): YamlScalar {
  if (Array.isArray(value) || value instanceof YamlMapping) {
    throw config.error('a column is given a text, a number, true, false or null', 'columns');
  }
  return value;
}

/** A list of assignments to columns, each seeing what those before it gave. */
export class ColumnAssignments {
  private readonly steps: ((batch: Row[]) => void)[] = [];
  private readonly uses = new Set<number>();
  private rowNumber = 0;

  constructor(public layout: Layout) {}

  /** @param visible the columns that a template can read, in this layout's slots */
  assign(name: string, value: YamlScalar, line: number, visible: Layout, config: NodeConfig, context: OperationContext): void {
    if (typeof value !== 'string' || !containsJinja(value)) {
      const assigned = assignColumn(this.layout, name, typeOf(value));
      this.layout = assigned.layout;
      this.steps.push((batch) => {
        for (const row of batch) {
          row[assigned.slot] = value;
        }
      });
      return;
    }
    const place = { ...config.place('columns'), line, column: name };
    const { render, slots } = context.templates.forRows(value, visible, place, { rowData: 'plain' });
    slots.forEach((slot) => this.uses.add(slot));
    const assigned = assignColumn(this.layout, name, 'object');
    this.layout = assigned.layout;
    this.steps.push((batch) => {
      for (let i = 0; i < batch.length; i++) {
        const row = batch[i] as Row;
        row[assigned.slot] = render(row, this.rowNumber + i + 1);
      }
    });
  }

  operation(): StreamingOperation {
    return {
      kind: 'streaming',
      layout: this.layout,
      rows: 'changed',
      uses: [...this.uses],
      push: (batch) => {
        for (const step of this.steps) {
          step(batch);
        }
        this.rowNumber += batch.length;
        return batch;
      },
    };
  }
}

function typeOf(constant: YamlScalar): ColumnType {
  if (typeof constant === 'boolean') {
    return 'bool';
  }
  return isInt(constant) ? 'int' : isFloat(constant) ? 'float' : 'object';
}
