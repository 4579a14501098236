import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './data-table.module.css';

export interface Column<T> {
  /** Unique in the table. */
  readonly key: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** `end` for figures. */
  readonly align?: 'start' | 'end';
  /** A CSS length that the column does not shrink below, so that it breaks no words for its neighbours' sake. */
  readonly minWidth?: string | undefined;
}

interface DataTableProps<T> {
  /** What the table is, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
}

/**
 * A table that becomes a list of cards on a narrow screen. The roles are written out because browsers forget that it is a table
 * once CSS displays it as something else.
 */
export function DataTable<T>({ caption, columns, rows, rowKey }: DataTableProps<T>) {
  return (
    <table role="table" className={classes.table}>
      <VisuallyHidden component="caption">{caption}</VisuallyHidden>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ key, header, align = 'start' }) => (
            <th key={key} role="columnheader" scope="col" data-align={align}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            {columns.map(({ key, header, cell, align = 'start', minWidth }) => (
              <td key={key} role="cell" data-label={header} data-align={align}>
                <div style={{ minWidth }}>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
