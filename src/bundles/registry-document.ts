import Ajv2020, { type ErrorObject } from 'ajv/dist/2020';
import schema from './registry.schema.json';

/** One bundle in `registry.json`, of which `registry.schema.json` documents the fields. */
export interface RegistryEntry {
  readonly display_name: string;
  readonly path: string;
  readonly input_files: readonly {
    readonly display_name: string;
    readonly env_var: string;
    readonly is_required: boolean;
    readonly file_type: readonly string[];
  }[];
  readonly input_params?: readonly {
    readonly display_name: string;
    readonly env_var: string;
    readonly is_required: boolean;
    readonly allowed_values?: readonly string[];
  }[];
}

/** A registry that cannot be used as it is. Every fault is a sentence for the people who keep the registry. */
export class InvalidRegistryError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(summarize(faults));
    this.name = 'InvalidRegistryError';
  }
}

/** A health answer has to stay readable; nobody mends more than these at a time. */
const MAX_FAULTS_SHOWN = 10;

function summarize(faults: readonly string[]): string {
  const more = faults.length - MAX_FAULTS_SHOWN;
  return [...faults.slice(0, MAX_FAULTS_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

const validate = new Ajv2020({ allErrors: true }).compile<{ assessments: RegistryEntry[] }>(schema);

/**
 * Reads the text of a `registry.json`.
 *
 * @returns its entries, in order.
 * @throws InvalidRegistryError with every fault: of the schema, and what a schema cannot say (no path twice, no env_var twice).
 */
export function parseRegistryDocument(text: string): readonly RegistryEntry[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new InvalidRegistryError([`registry.json is not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (!validate(document)) throw new InvalidRegistryError((validate.errors ?? []).map(describe));
  const faults = duplicates(document.assessments);
  if (faults.length > 0) throw new InvalidRegistryError(faults);
  return document.assessments;
}

function describe({ instancePath, message, keyword }: ErrorObject): string {
  const what = keyword === 'not' ? 'is a name that the runner keeps for itself' : (message ?? `breaks the rule "${keyword}"`);
  return `registry.json ${instancePath || '/'} ${what}`;
}

function duplicates(entries: readonly RegistryEntry[]): string[] {
  const faults: string[] = [];
  const paths = new Set<string>();
  entries.forEach((entry, index) => {
    if (paths.has(entry.path)) faults.push(`registry.json /assessments/${index}/path is there twice: ${entry.path}`);
    paths.add(entry.path);
    const names = new Set<string>();
    for (const { env_var: name } of [...entry.input_files, ...(entry.input_params ?? [])]) {
      if (names.has(name)) faults.push(`registry.json /assessments/${index} has the env_var ${name} twice`);
      names.add(name);
    }
  });
  return faults;
}
