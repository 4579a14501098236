import { List, Loader, ScrollArea, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { texts } from '../../../texts';
import { Note, Warning } from '../notes';
import { compareColumns, type ExpectedColumns } from '../preview/compare-columns';
import type { FilePreview as Preview } from '../preview/preview-file';
import classes from './file-preview.module.css';

interface FilePreviewProps {
  readonly name: string;
  /** null while it is read. */
  readonly preview: Preview | null;
  readonly columns: ExpectedColumns | undefined;
}

/** The first rows of a chosen file, and what about it may keep its job from succeeding. */
export function FilePreview({ name, preview, columns }: FilePreviewProps) {
  const words = texts.newJob.preview;
  if (!preview)
    return (
      <Text size="sm" c="dimmed" role="status">
        <Loader size="xs" mr="xs" aria-hidden />
        {words.reading}
      </Text>
    );
  switch (preview.kind) {
    case 'no_table':
      return <Note>{words.noTable}</Note>;
    case 'too_large_to_show':
      return <Note>{words.tooLarge}</Note>;
    case 'unreadable':
      return <Warning>{preview.oddities.includes('zip') ? words.oddities.zip : words.unreadable}</Warning>;
    case 'table':
      return <TablePreview name={name} preview={preview} columns={columns} />;
    default:
      return preview satisfies never;
  }
}

/** As many say that it is another file. */
const MISSING_SHOWN = 8;

type TableOf = Extract<Preview, { kind: 'table' }>;

function TablePreview({ name, preview, columns }: { name: string; preview: TableOf; columns: ExpectedColumns | undefined }) {
  const words = texts.newJob.preview;
  const { headerRow, missing } = compareColumns(preview.rows, columns);
  if (preview.rows.length === 0) return <Warning>{words.noRows}</Warning>;
  return (
    <Stack gap="sm">
      {missing.length > 0 && (
        <Warning title={words.missing}>
          <List size="sm" withPadding={false} mb={4}>
            {missing.slice(0, MISSING_SHOWN).map((column) => (
              <List.Item key={column.name}>
                <strong>{column.name}</strong>
                {column.similar !== null && ` – ${words.similar(column.similar)}`}
              </List.Item>
            ))}
            {missing.length > MISSING_SHOWN && <List.Item>{words.moreMissing(missing.length - MISSING_SHOWN)}</List.Item>}
          </List>
          {words.missingAdvice}
        </Warning>
      )}
      {preview.oddities.map((oddity) =>
        oddity === 'byte_order_mark' ? (
          <Note key={oddity}>{words.oddities[oddity]}</Note>
        ) : (
          <Warning key={oddity}>
            {oddity === 'unusual_delimiter'
              ? words.unusualDelimiter(words.delimiters[preview.delimiter ?? ''] ?? words.otherDelimiter)
              : words.oddities[oddity]}
          </Warning>
        ),
      )}
      <Rows name={name} rows={preview.rows.slice(headerRow)} needed={new Set(columns?.required)} />
    </Stack>
  );
}

const ROWS_SHOWN = 5;
const COLUMNS_SHOWN = 40;

/** @param needed the columns that the bundle needs, which are shown as such. */
function Rows({ name, rows, needed }: { name: string; rows: TableOf['rows']; needed: ReadonlySet<string> }) {
  const words = texts.newJob.preview;
  const [header = [], ...body] = rows.slice(0, ROWS_SHOWN + 1);
  const width = Math.max(header.length, ...body.map((row) => row.length));
  const indexes = Array.from({ length: Math.min(width, COLUMNS_SHOWN) }, (_, index) => index);
  return (
    <div>
      <ScrollArea
        type="auto"
        className={classes.scroll}
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': words.caption(name) }}
      >
        <Table className={classes.table} withRowBorders={false} striped>
          <VisuallyHidden component="caption">{words.caption(name)}</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {indexes.map((index) => (
                <Table.Th key={index} scope="col" data-needed={needed.has(header[index] ?? '') || undefined}>
                  {header[index] ?? ''}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {body.map((row, rowIndex) => (
              <Table.Tr key={rowIndex}>
                {indexes.map((index) => (
                  <Table.Td key={index}>{row[index] ?? ''}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {header.some((name) => needed.has(name)) && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.needed}
        </Text>
      )}
      {width > COLUMNS_SHOWN && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.columnsHidden(width - COLUMNS_SHOWN)}
        </Text>
      )}
    </div>
  );
}
