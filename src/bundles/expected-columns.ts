import { settingsOf, textsOf, type BundleYaml, type YamlSettings } from './bundle-yaml';

/** The columns that an input file should have; others may be there, too. */
export interface ExpectedColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * Which columns a bundle needs in its input files, as its YAML says without being run: what a source lists in `columns` and names in
 * `expect`, and what the first operations over it cannot do without. `optional_fields` are the ones that may be missing.
 *
 * It is a lower bound: what only templates or later operations read is not found, nor are names that a parameter is put into.
 *
 * @param inputs the env_vars of the bundle's files
 */
export function expectedColumns({ sources, transformations }: BundleYaml, inputs: readonly string[]): Record<string, ExpectedColumns> {
  const found: [string, ExpectedColumns][] = [];
  for (const envVar of inputs) {
    const required = new Set<string>();
    const optional = new Set<string>();
    for (const [name, source] of Object.entries(sources)) {
      if (source.file !== `\${${envVar}}` && source.file !== `$${envVar}`) continue;
      // Names that the bundle gives to columns by their places say nothing of the file's header.
      if (source.rename_cols === true) continue;
      textsOf(source.optional_fields).forEach((column) => optional.add(column));
      textsOf(source.columns).forEach((column) => required.add(column));
      textsOf(source.expect)
        .flatMap(namesInExpression)
        .forEach((column) => required.add(column));
      for (const transformation of Object.values(transformations))
        if (transformation.source === `$sources.${name}`) neededByOperations(transformation).forEach((column) => required.add(column));
    }
    const isPlain = (column: string): boolean => column !== '' && !column.includes('$');
    const columns = {
      required: [...required].filter((column) => isPlain(column) && !optional.has(column)),
      optional: [...optional].filter(isPlain),
    };
    if (columns.required.length + columns.optional.length > 0) found.push([envVar, columns]);
  }
  return Object.fromEntries(found);
}

/** What a name has in it that stands for any number of columns. */
const PATTERN = /[*?[\]]/;
/** Python's and Jinja's own words in an expression. */
const KEYWORDS = new Set('and or not in is if else true false none True False None recursive'.split(' '));

/** The names that a Jinja expression begins its values with: without texts, attributes, filters, tests and functions. */
export function namesInExpression(expression: string): string[] {
  const bare = expression
    .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''")
    .replace(/\bis\s+(?:not\s+)?[A-Za-z_]\w*/g, 'is')
    .replace(/[.|]\s*[A-Za-z_]\w*/g, '');
  const names = [...bare.matchAll(/(?<![\w$])([A-Za-z_]\w*)\b(?!\s*\()/g)].map(([name]) => name);
  return [...new Set(names)].filter((name) => !KEYWORDS.has(name));
}

/** The columns of the input that a transformation's operations name, up to the first that makes other columns in a way not known here. */
function neededByOperations({ operations }: YamlSettings): Set<string> {
  const needed = new Set<string>();
  /** Names that operations gave. */
  const made = new Set<string>();
  const need = (column: string): void => {
    if (!made.has(column)) needed.add(column);
  };
  for (const operation of Array.isArray(operations) ? operations.map(settingsOf) : []) {
    switch (operation.operation) {
      case 'rename_columns':
      case 'duplicate_columns':
        for (const [column, name] of Object.entries(settingsOf(operation.columns))) {
          need(column);
          if (typeof name === 'string') made.add(name);
        }
        break;
      case 'add_columns':
        Object.keys(settingsOf(operation.columns)).forEach((column) => made.add(column));
        break;
      // Names that match no column are skipped by it.
      case 'modify_columns':
        break;
      case 'map_values':
      case 'keep_columns':
      case 'drop_columns':
      case 'distinct_rows':
        [...textsOf(operation.column), ...textsOf(operation.columns)].filter((column) => !PATTERN.test(column)).forEach(need);
        break;
      case 'filter_rows':
        for (const [, column = ''] of textsOf(operation.query).flatMap((query) => [...query.matchAll(/`([^`]+)`/g)])) need(column);
        break;
      default:
        return needed;
    }
  }
  return needed;
}
