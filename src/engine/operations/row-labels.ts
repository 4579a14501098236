import type { Layout, Row } from '../table';
import type { OperationContext } from './operation';

export interface RowLabels {
  readonly layout: Layout;
  readonly rows: 'kept' | 'changed';
  /** Numbers the rows of the next batch, if they must be and are not yet. */
  label(batch: Row[]): Row[];
}

/**
 * pandas labels rows 0, 1, 2 … when a table is made, and keeps the labels when rows are left out or sorted. `group_by_with_rank`
 * puts its results to rows by label, so operations that leave out or move rows number them first, in bundles that rank.
 */
export function rowLabels(layout: Layout, context: OperationContext): RowLabels {
  if (!context.tracksLabels || layout.labelSlot !== undefined) {
    return { layout, rows: 'kept', label: (batch) => batch };
  }
  const slot = layout.width;
  let next = 0;
  return {
    layout: { ...layout, width: slot + 1, labelSlot: slot },
    rows: 'changed',
    label: (batch) => {
      for (const row of batch) {
        row[slot] = next++;
      }
      return batch;
    },
  };
}
