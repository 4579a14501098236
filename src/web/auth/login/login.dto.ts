import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class BeginLoginDto {
  /** The `id` of one of the session's `issuers`; may be left out where there is one. */
  @ApiPropertyOptional({ maxLength: 32 })
  @IsOptional()
  @MaxLength(32, { message: 'issuer must be the id of an issuer' })
  issuer?: string;

  /** The page's path to go to in the end; anything else goes to its beginning. */
  @ApiPropertyOptional({ example: '/partners/demo/tenants/north/jobs' })
  @IsOptional()
  @IsString({ message: 'returnTo must be a path' })
  returnTo?: string;
}

export class LoggedOutDto {
  /**
   * Where the browser has to go now: to the issuer, whose session ends there, or to the page's `/sign-in`.
   * @example "/sign-in"
   */
  url: string;
}

/** OpenID Connect Back-Channel Logout 1.0 §2.5. */
export class BackchannelLogoutDto {
  /**
   * A JWT of the issuer.
   * @example "eyJ0eXAiOiJsb2dvdXQrand0…"
   */
  logout_token: string;
}
