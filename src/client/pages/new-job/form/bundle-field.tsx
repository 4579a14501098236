import { Select, Stack, Text } from '@mantine/core';
import { texts } from '../../../texts';

/** What a choice of bundles shows of each. */
export interface BundleOption {
  readonly path: string;
  readonly displayName: string;
  readonly description: string | null;
}

interface BundleFieldProps {
  readonly bundles: readonly BundleOption[];
  readonly value: string | null;
  readonly onChange: (path: string) => void;
}

/** Finds a bundle by its name, its description or its path. */
export function BundleField({ bundles, value, onChange }: BundleFieldProps) {
  const words = texts.newJob;
  const byPath = new Map(bundles.map((bundle) => [bundle.path, bundle]));
  return (
    <Select
      id="field-bundle"
      label={words.bundle}
      description={words.bundleDescription}
      placeholder={words.bundlePlaceholder}
      data={bundles.map(({ path, displayName }) => ({ value: path, label: displayName }))}
      value={value}
      onChange={(path) => path !== null && onChange(path)}
      required
      searchable
      allowDeselect={false}
      nothingFoundMessage={words.noBundleFound}
      maxDropdownHeight={360}
      filter={({ options, search }) =>
        options.filter((option) => 'value' in option && matches(byPath.get(String(option.value)), search))
      }
      renderOption={({ option }) => {
        const description = byPath.get(option.value)?.description ?? null;
        return (
          <Stack gap={0}>
            <Text size="sm">{option.label}</Text>
            {description !== null && (
              <Text size="xs" c="dimmed" lineClamp={2}>
                {description}
              </Text>
            )}
          </Stack>
        );
      }}
    />
  );
}

/** Every word has to be somewhere. */
function matches(bundle: BundleOption | undefined, search: string): boolean {
  if (!bundle) return false;
  const text = `${bundle.displayName} ${bundle.description ?? ''} ${bundle.path}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
