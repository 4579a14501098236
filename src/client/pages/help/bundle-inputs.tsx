import { Code, Stack, Text, Title } from '@mantine/core';
import type { BundleDetail } from '../../api/bundles';
import { DataTable, type Column } from '../../components/data-table';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';

const words = texts.help;
type BundleFile = BundleDetail['files'][number];
type BundleParam = BundleDetail['params'][number];

const named = ({ displayName, envVar }: { displayName: string | null; envVar: string }) => (
  <>
    {displayName !== null && <Text size="sm">{displayName}</Text>}
    <Code>{envVar}</Code>
  </>
);

const needed = ({ required }: { required: boolean }): string => (required ? texts.common.yes : texts.common.no);

const fileColumns: readonly Column<BundleFile>[] = [
  { key: 'file', header: words.file, cell: named },
  { key: 'types', header: words.types, cell: ({ fileTypes }) => fileTypes.map((type) => `.${type}`).join(', ') },
  { key: 'needed', header: words.needed, cell: needed },
];

const paramColumns: readonly Column<BundleParam>[] = [
  { key: 'parameter', header: words.parameter, cell: named },
  { key: 'values', header: words.values, cell: ({ allowedValues }) => allowedValues?.join(', ') ?? words.anyText },
  { key: 'default', header: words.default, cell: ({ default: value }) => value ?? texts.common.none },
  { key: 'needed', header: words.needed, cell: needed },
];

/** The files and parameters of a bundle. */
export function BundleInputs({ bundle: { files, params } }: { bundle: BundleDetail }) {
  return (
    <>
      <Stack gap="sm" component="section">
        <Title order={2}>{words.files}</Title>
        {files.length > 0 ? (
          <Surface>
            <DataTable caption={words.files} columns={fileColumns} rows={files} rowKey={({ envVar }) => envVar} />
          </Surface>
        ) : (
          <Text>{words.noFiles}</Text>
        )}
      </Stack>
      <Stack gap="sm" component="section">
        <Title order={2}>{words.parameters}</Title>
        {params.length > 0 ? (
          <Surface>
            <DataTable caption={words.parameters} columns={paramColumns} rows={params} rowKey={({ envVar }) => envVar} />
          </Surface>
        ) : (
          <Text>{words.noParameters}</Text>
        )}
      </Stack>
    </>
  );
}
