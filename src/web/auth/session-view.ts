import { Injectable } from '@nestjs/common';
import { JobSettings, WebSettings } from '../../platform/config/settings';
import { UserAccessService } from '../../tenancy/user-access.service';
import { LoginIssuerDto, sessionOf, SIGNED_OUT, type SessionDto, type SessionOfUser } from './dto/session.dto';
import type { SignIn } from './web-sessions';

/** Puts together what the page begins with. */
@Injectable()
export class SessionView {
  constructor(
    private readonly settings: WebSettings,
    private readonly jobs: JobSettings,
    private readonly users: UserAccessService,
  ) {}

  /** @param signIn null: nobody is signed in. */
  async of(signIn: SignIn | null): Promise<SessionDto> {
    return {
      ...(signIn ? await this.ofUser(signIn) : SIGNED_OUT),
      issuers: this.settings.issuers.map((issuer) => LoginIssuerDto.from(issuer)),
      limits: { maxUploadBytes: this.jobs.maxUploadBytes },
    };
  }

  private async ofUser({ userId, issuer }: SignIn): Promise<SessionOfUser> {
    const found = await this.users.find(userId);
    if (!found) return SIGNED_OUT;
    const issuerName = this.settings.issuers.find((candidate) => candidate.issuer === issuer)?.name ?? null;
    const overview = found.state === 'admitted' ? await this.users.overview(userId) : null;
    return sessionOf({ ...found.user, issuerName }, overview);
  }
}
