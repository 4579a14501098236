import type { UserToAdmit } from '../tenancy/admit-user.queries';
import type { Role } from '../tenancy/entities/user-role.entity';
import type { ProvisionDocument } from '../tenancy/provision-document';

/** The demo partners: two of them, and a tenant code that both have, so that isolation can be seen. */
const PARTNERS = [
  {
    code: 'demo',
    name: 'Demo Partner',
    tenants: [
      ['north', 'North District'],
      ['south', 'South District'],
    ],
  },
  {
    code: 'other',
    name: 'Other Partner',
    tenants: [
      ['east', 'East District'],
      ['north', 'North District of Other'],
    ],
  },
] as const;

const FIRST_SCHOOL_YEAR = 2020;

/** A job that works out of the box: a demo bundle with its sample files (in the bundle's `data` folder). */
export const DEMO_JOB = {
  bundle: 'assessments/Harbor_Reading',
  files: { INPUT_FILE: 'sample_results.csv', ROSTER_FILE: 'sample_roster.csv' },
  params: {},
} as const;

export interface DemoClient {
  readonly clientId: string;
  readonly clientName: string;
  readonly partner: string;
  readonly tenants: readonly string[];
  readonly scopes: readonly string[];
}

export interface DemoUser {
  /** The issuer's name for them. */
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** null: of an operator. */
  readonly partner: string | null;
  /** Empty but for staff. */
  readonly tenants: readonly string[];
  /** What the user may do, in words. */
  readonly description: string;
}

/** The people of the web page: somebody of each role, and staff of two tenants. */
export const DEMO_USERS: readonly DemoUser[] = [
  user('operator', 'Olivia Operator', 'operator', null, [], 'Operator: everything'),
  user('demo-admin', 'Paul Partner', 'partner_admin', 'demo', [], 'Administrator of Demo Partner'),
  user('demo-north', 'Nora North', 'staff', 'demo', ['north'], 'Staff of North District'),
  user('demo-south', 'Sam South', 'staff', 'demo', ['south'], 'Staff of South District'),
];

function user(
  subject: string,
  name: string,
  role: Role,
  partner: string | null,
  tenants: readonly string[],
  description: string,
): DemoUser {
  return { subject, name, email: `${subject}@slipway.example`, role, partner, tenants, description };
}

/** The people as they are admitted, with a role at each of their tenants. */
export const demoUsersToAdmit = (issuer: string): UserToAdmit[] =>
  DEMO_USERS.map(({ subject, name, email, role, partner, tenants }) => ({
    issuer,
    subject,
    name,
    email,
    roles: (tenants.length > 0 ? tenants : [null]).map((tenant) => ({ role, partner, tenant })),
  }));

/** An API client for each demo partner, with everything that its partner may do. */
export const DEMO_CLIENTS: readonly DemoClient[] = PARTNERS.map(({ code, name, tenants }) => ({
  clientId: `${code}-client`,
  clientName: `${name}'s system`,
  partner: code,
  tenants: tenants.map(([tenant]) => tenant),
  scopes: ['create:jobs', 'read:jobs', 'read:jobs:output-files', 'manage:webhooks', `partner:${code}`],
}));

/**
 * What local mode provisions: the school years 2020 to next year's, every bundle of the registry for `demo`, and all but the
 * last for `other`.
 */
export function demoProvision(bundles: readonly string[], now = new Date()): ProvisionDocument {
  const years = now.getFullYear() + 1 - FIRST_SCHOOL_YEAR + 1;
  const schoolYears = Array.from({ length: years }, (_, index) => FIRST_SCHOOL_YEAR + index);
  return {
    partners: PARTNERS.map(({ code, name, tenants }) => ({
      code,
      name,
      bundles: [...(code === 'demo' ? bundles : bundles.slice(0, -1))],
      tenants: tenants.map(([tenant, tenantName]) => ({ code: tenant, name: tenantName, schoolYears })),
    })),
  };
}
