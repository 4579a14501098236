import * as path from 'node:path';
import { BundleError, type BundleErrorPlace } from '../errors';
import type { BundleFiles } from './bundle-files';
import { isPlaceholder } from './parameters';
import { YamlMapping, type YamlValue } from './yaml';

/**
 * The folder of a package. A `local` one is seen from the file that declares it. A `git` one is not fetched: its `subdirectory` is
 * looked for in the folder of packages, which is a checkout of the same registry.
 *
 * @throws BundleError if it is not there
 */
export function findPackage(
  files: BundleFiles,
  name: string,
  declared: YamlValue,
  from: string,
  place: BundleErrorPlace,
): string {
  if (!(declared instanceof YamlMapping)) {
    throw new BundleError('bundle_invalid', `the package \`${name}\` must say \`local\` or \`git\``, place);
  }
  const local = declared.get('local');
  if (typeof local === 'string') {
    return existing(files, name, path.resolve(from, local), place);
  }
  if (typeof declared.get('git') !== 'string') {
    throw new BundleError('bundle_invalid', `the package \`${name}\` must say \`local\` or \`git\``, place);
  }
  if (files.packagesDirectory === undefined) {
    throw new BundleError('not_supported', `the package \`${name}\` comes from git, and no folder of packages was given`, place);
  }
  const subdirectory = declared.get('subdirectory');
  return existing(
    files,
    name,
    path.resolve(files.packagesDirectory, typeof subdirectory === 'string' ? subdirectory : '.'),
    place,
  );
}

function existing(files: BundleFiles, name: string, directory: string, place: BundleErrorPlace): string {
  const found = ['earthmover.yaml', 'earthmover.yml'].some((file) => files.find(file, directory, place) !== undefined);
  if (!found) {
    throw new BundleError('file_unavailable', `the package \`${name}\` has no project file`, place);
  }
  return directory;
}

/** A package's own files stay its own after merging: the settings that name files become absolute paths. */
export function resolvePackagePaths(root: YamlMapping, directory: string): YamlMapping {
  return mapValues(root, (value, key) => {
    if (!(value instanceof YamlMapping)) {
      return value;
    }
    if (key === 'sources' || key === 'destinations') {
      return mapValues(value, (node) =>
        node instanceof YamlMapping ? resolveIn(node, ['file', 'template', 'colspec_file'], directory) : node,
      );
    }
    return key === 'transformations' ? mapValues(value, (node) => resolveOperations(node, directory)) : value;
  });
}

function resolveOperations(node: YamlValue, directory: string): YamlValue {
  if (!(node instanceof YamlMapping)) {
    return node;
  }
  return mapValues(node, (value, key) =>
    key === 'operations' && Array.isArray(value)
      ? value.map((operation) => (operation instanceof YamlMapping ? resolveIn(operation, ['map_file'], directory) : operation))
      : value,
  );
}

function resolveIn(node: YamlMapping, keys: readonly string[], directory: string): YamlMapping {
  return mapValues(node, (value, key) =>
    keys.includes(key) && typeof value === 'string' && isPath(value) ? path.resolve(directory, value) : value,
  );
}

/** Not an address, nor a parameter that nobody gave. */
function isPath(value: string): boolean {
  return value !== '' && !value.includes('://') && !isPlaceholder(value);
}

function mapValues(mapping: YamlMapping, change: (value: YamlValue, key: string) => YamlValue): YamlMapping {
  const result = new YamlMapping(mapping.file, mapping.line);
  for (const [key, entry] of mapping.entries) {
    result.entries.set(key, { ...entry, value: change(entry.value, String(key)) });
  }
  return result;
}
