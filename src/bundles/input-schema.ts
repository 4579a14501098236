import type { Bundle, BundleFile, BundleParam } from './bundle';
import { MAX_PARAM_BYTES, SCHOOL_YEAR_PARAM, STUDENT_ID_PARAM } from './validate-input';

/** A JSON Schema document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the `files` and `params` of a job over a bundle have to look like. */
export interface BundleInputSchema {
  readonly files: JsonSchema;
  readonly params: JsonSchema;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * A bundle's rules as JSON Schema 2020-12: the same as `validateJobInput` has, but for two things that a schema cannot say. The
 * limits of texts are in bytes of UTF-8, a schema counts characters, so it takes some texts that are too long; and `API_YEAR` has
 * to agree with the job's `schoolYear`, which is elsewhere.
 */
export function bundleInputSchema(bundle: Bundle, { maxUploadBytes }: { maxUploadBytes: number }): BundleInputSchema {
  const params = new Map<string, BundleParam>(bundle.params.map((param) => [param.envVar, param]));
  // Every bundle has it, listed or not; the service sets it.
  params.set(SCHOOL_YEAR_PARAM, { displayName: 'School year', ...params.get(SCHOOL_YEAR_PARAM), envVar: SCHOOL_YEAR_PARAM, required: false });
  if (bundle.acceptsStudentIdName) params.set(STUDENT_ID_PARAM.envVar, STUDENT_ID_PARAM);
  return {
    files: objectOf(bundle.files, (file) => fileSchema(file, maxUploadBytes)),
    params: objectOf([...params.values()], paramSchema),
  };
}

function objectOf<T extends BundleFile | BundleParam>(parts: readonly T[], schemaOf: (part: T) => JsonSchema): JsonSchema {
  return {
    $schema: DIALECT,
    type: 'object',
    properties: Object.fromEntries(parts.map((part) => [part.envVar, { title: part.displayName, ...schemaOf(part) }])),
    required: parts.filter(({ required }) => required).map(({ envVar }) => envVar),
    additionalProperties: false,
  };
}

function paramSchema({ envVar, allowedValues }: BundleParam): JsonSchema {
  const values = allowedValues ? { enum: allowedValues } : { minLength: 1, maxLength: MAX_PARAM_BYTES };
  if (envVar !== SCHOOL_YEAR_PARAM) return { type: 'string', ...values };
  return { type: 'string', ...values, description: "Set from the job's schoolYear: leave it out, or give the same." };
}

function fileSchema({ fileTypes }: BundleFile, maxUploadBytes: number): JsonSchema {
  const name = {
    type: 'string',
    pattern: fileNamePattern(fileTypes),
    description: `A file name of at most 255 bytes in UTF-8 that ends in ${fileTypes.map((type) => `.${type}`).join(' or ')}.`,
  };
  const object = {
    type: 'object',
    properties: {
      name,
      size: { type: 'integer', minimum: 1, maximum: maxUploadBytes },
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    },
    required: ['name'],
    additionalProperties: false,
  };
  return { anyOf: [name, object] };
}

/** As `fileNameFault` has them, spelled out: not every engine knows `\p{Bidi_Control}`. */
const FORBIDDEN = '/\\\\\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';

/** White space around a name does not count. What is before the extension has at least one character. */
function fileNamePattern(fileTypes: readonly string[]): string {
  return `^\\s*[^\\s${FORBIDDEN}][^${FORBIDDEN}]{0,252}\\.(?:${fileTypes.map(anyCase).join('|')})\\s*$`;
}

/** A pattern has no flag to compare without case. U+212A, the Kelvin sign, is a capital k. */
const anyCase = (type: string): string =>
  [...type]
    .map((character) => {
      const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
      if (lower === upper) return character === '.' ? '\\.' : character;
      return `[${lower}${upper}${lower === 'k' ? '\\u212a' : ''}]`;
    })
    .join('');
