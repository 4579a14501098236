import { load, YAMLException } from 'js-yaml';
import { z } from 'zod';
import { OperatorError } from '../platform/operator-error';

const code = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen');
const name = z.string().min(1, 'must not be empty').max(255, 'must be at most 255 characters');
const endYear = z.int('must be a year').min(1900, 'must be a year from 1900').max(2200, 'must be a year up to 2200');

const unique = <T>(list: readonly T[], key: (item: T) => unknown): boolean => new Set(list.map(key)).size === list.length;

const tenant = z.strictObject({
  code,
  name,
  /** Years in which the school years end. */
  schoolYears: z.array(endYear),
});

const partner = z.strictObject({
  code,
  name,
  /** Paths of bundles, or `all` of the registry's. */
  bundles: z.union([z.literal('all'), z.array(z.string().min(1))], 'must be a list of bundle paths, or all'),
  tenants: z.array(tenant).refine((list) => unique(list, (item) => item.code), 'has two tenants with one code'),
});

const operator = z.strictObject({
  /** As the login issuer's tokens name it in `iss`, and the person in `sub`. */
  issuer: z.string().refine((value) => URL.canParse(value), "must be the login issuer's URL"),
  subject: name,
  name,
  email: name.optional(),
});

const document = z.strictObject({
  partners: z.array(partner).refine((list) => unique(list, (item) => item.code), 'has two partners with one code'),
  /** People who may do everything on the web page. */
  operators: z.array(operator).optional(),
});

/** What an installation should have at least: partners with their tenants, school years and bundles, and its operators. */
export type ProvisionDocument = z.infer<typeof document>;

/** Every fault of a provisioning file in one message. */
export class ProvisionDocumentError extends OperatorError {
  constructor(faults: readonly string[]) {
    super(
      `The provisioning file has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ProvisionDocumentError';
  }
}

/** Reads a provisioning file (YAML). @throws ProvisionDocumentError with all faults and where they are. */
export function parseProvisionDocument(text: string): ProvisionDocument {
  let content: unknown;
  try {
    content = load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = error.mark === undefined ? '' : ` in line ${error.mark.line + 1}`;
    throw new ProvisionDocumentError([`it is not valid YAML: ${error.reason}${place}`]);
  }
  const result = document.safeParse(content);
  if (result.success) return result.data;
  throw new ProvisionDocumentError(result.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`));
}
