import { Injectable } from '@nestjs/common';
import { WebSettings } from '../../platform/config/settings';
import { Problem } from '../../platform/problem/problem';
import type { NewUser } from '../../tenancy/users.service';

/** Who can have named a person; the page knows them by their ids. */
@Injectable()
export class LoginIssuers {
  constructor(private readonly settings: WebSettings) {}

  /** @throws Problem where no login issuer has this id. */
  toNewUser({
    issuer: id,
    subject,
    name,
    email,
  }: {
    issuer: string;
    subject: string;
    name: string;
    email?: string | null;
  }): NewUser {
    const found = this.settings.issuers.find((candidate) => candidate.id === id);
    if (found) return { issuer: found.issuer, subject, name, email: email ?? null };
    const detail = 'There is no login issuer with this id.';
    throw new Problem('invalid_request', `/issuer: ${detail}`, {
      errors: [{ pointer: '/issuer', code: 'invalid_request', detail }],
    });
  }
}
