import { Stack, Text, Title } from '@mantine/core';
import type { BundleDetail } from '../../api/bundles';
import { DataTable, type Column } from '../../components/data-table';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';

const words = texts.help;

interface ExpectedColumn {
  readonly name: string;
  readonly required: boolean;
}

const columns: readonly Column<ExpectedColumn>[] = [
  { key: 'name', header: words.column, cell: ({ name }) => <Text size="sm">{name}</Text> },
  { key: 'use', header: words.use, cell: ({ required }) => (required ? words.requiredColumn : words.optionalColumn) },
];

/** For each file of a bundle the columns that it has to have or may have. */
export function ExpectedColumns({ bundle: { files, columns: expected } }: { bundle: BundleDetail }) {
  const known = files.flatMap((file) => {
    const { required = [], optional = [] } = expected[file.envVar] ?? {};
    const rows = [
      ...required.map((name): ExpectedColumn => ({ name, required: true })),
      ...optional.map((name): ExpectedColumn => ({ name, required: false })),
    ];
    return rows.length > 0 ? [{ title: file.displayName ?? file.envVar, key: file.envVar, rows }] : [];
  });
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{words.columns}</Title>
      <Text c="dimmed" size="sm">
        {known.length > 0 ? words.columnsIntro : words.columnsUnknown}
      </Text>
      {known.map(({ title, key, rows }) => (
        <Stack key={key} gap="xs">
          <Title order={3}>{title}</Title>
          <Surface>
            <DataTable caption={words.columnsOf(title)} columns={columns} rows={rows} rowKey={({ name }) => name} />
          </Surface>
        </Stack>
      ))}
    </Stack>
  );
}
