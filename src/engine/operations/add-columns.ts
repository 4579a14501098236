import type { NodeConfig } from '../project/node-config';
import { isFloat, isInt } from '../python/types';
import { YamlMapping, type YamlEntry, type YamlScalar } from '../project/yaml';
import { assignColumn, type ColumnType, type Layout, type Row } from '../table';
import { containsJinja } from '../templates';
import type { OperationContext, OperationPlanner, StreamingOperation } from './operation';

/** Gives each named column, in turn, a constant or what its template renders; later columns see earlier ones. */
export const planAddColumns: OperationPlanner = (config, context) => {
  const entries = columnEntries(config);
  return {
    sides: [],
    bind: (layout) => {
      const assignments = new ColumnAssignments(layout);
      for (const entry of entries) {
        assignments.assign(entry.name, entry, assignments.layout, config, context);
      }
      return assignments.operation();
    },
  };
};

/** What a column is given. */
export interface ColumnEntry extends YamlEntry {
  readonly value: YamlScalar;
}

/** The operation's `columns`. @throws BundleError if one is given a list or a mapping */
export function columnEntries(config: NodeConfig): ({ name: string } & ColumnEntry)[] {
  return config.entriesOf('columns').map(({ value, ...entry }) => {
    if (Array.isArray(value) || value instanceof YamlMapping) {
      throw config.error('a column is given a text, a number, true, false or null', 'columns');
    }
    return { ...entry, value };
  });
}

/** A list of assignments to columns, each seeing what those before it gave. */
export class ColumnAssignments {
  private readonly steps: ((batch: Row[]) => void)[] = [];
  private readonly uses = new Set<number>();
  private rowNumber = 0;

  constructor(public layout: Layout) {}

  /** @param visible the columns that a template can read, in this layout's slots */
  assign(name: string, entry: ColumnEntry, visible: Layout, config: NodeConfig, context: OperationContext): void {
    const { value, line, textLines } = entry;
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
    const { render, slots } = context.templates.forRows(value, visible, place, { rowData: 'plain', lines: textLines });
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
