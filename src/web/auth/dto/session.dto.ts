import { ApiProperty } from '@nestjs/swagger';
import type { LoginIssuer } from '../../../platform/config/settings';
import type { WebUser } from '../../../tenancy/user-access';
import type { Named, UserOverview } from '../../../tenancy/user-access.queries';

export const SESSION_STATES = ['signed_out', 'not_admitted', 'signed_in'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** A partner or tenant, for people and for paths. */
export class NamedDto {
  /** @example "demo" */
  code: string;

  /** @example "Demo Partner" */
  name: string;

  static from({ code, name }: Named): NamedDto {
    return { code, name };
  }
}

export class SessionUserDto {
  @ApiProperty({ format: 'uuid', example: '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70' })
  uid: string;

  /** @example "Ada Lovelace" */
  name: string;

  /** @example "ada@example.org" */
  email: string | null;

  /**
   * With what the user signed in; null where it is no longer among the issuers.
   * @example "District login"
   */
  issuerName: string | null;
}

export class SessionTenantDto {
  partner: NamedDto;

  tenant: NamedDto;
}

/** An issuer that people can sign in with. */
export class LoginIssuerDto {
  /**
   * For `GET /api/auth/login`.
   * @example "district"
   */
  id: string;

  /** @example "District login" */
  name: string;

  static from({ id, name }: LoginIssuer): LoginIssuerDto {
    return { id, name };
  }
}

export class LimitsDto {
  /** The largest file that can be uploaded; bytes. */
  @ApiProperty({ type: 'integer', example: 1073741824 })
  maxUploadBytes: number;
}

/** What the page begins with. */
export class SessionDto {
  /** `not_admitted`: somebody is signed in whom no operator has admitted, or who was disabled. */
  @ApiProperty({ enum: SESSION_STATES })
  state: SessionState;

  /** null where nobody is signed in. */
  user: SessionUserDto | null;

  /** Whether the user may do everything. */
  operator: boolean;

  /** The partners that the user administers; empty for an operator, who administers all. */
  adminOf: NamedDto[];

  /** How many tenants the user reaches. */
  @ApiProperty({ type: 'integer', example: 2 })
  tenantCount: number;

  /** null where the user reaches no tenant. */
  firstTenant: SessionTenantDto | null;

  issuers: LoginIssuerDto[];

  limits: LimitsDto;
}

/** What depends on who is signed in; nobody here. */
export type SessionOfUser = Omit<SessionDto, 'issuers' | 'limits'>;
export const SIGNED_OUT: SessionOfUser = {
  state: 'signed_out',
  user: null,
  operator: false,
  adminOf: [],
  tenantCount: 0,
  firstTenant: null,
};

export function sessionOf(user: WebUser & { issuerName: string | null }, overview: UserOverview | null): SessionOfUser {
  const { uid, name, email, issuerName, operator } = user;
  const shown = { uid, name, email, issuerName };
  if (!overview) return { ...SIGNED_OUT, state: 'not_admitted', user: shown };
  return {
    state: 'signed_in',
    user: shown,
    operator,
    ...overview,
    adminOf: overview.adminOf.map((partner) => NamedDto.from(partner)),
  };
}
