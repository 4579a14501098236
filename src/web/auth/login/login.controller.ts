import { Body, Controller, Get, HttpCode, Post, Query, Redirect, Req, Res, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../../platform/http/route-policy';
import { ApiProblems } from '../../../platform/problem/api-problems.decorator';
import { Problem } from '../../../platform/problem/problem';
import { SignInRateLimitGuard } from '../rate-limit/sign-in-rate-limit';
import { ApiCrossOriginProblem } from '../web-access.decorator';
import { BackchannelLogoutService } from './backchannel-logout.service';
import { BackchannelLogoutDto, BeginLoginDto, LoggedOutDto } from './login.dto';
import { LoginService, SIGN_IN_PAGE, type BeginLoginResult, type FinishLoginResult } from './login.service';

export const BACKCHANNEL_LOGOUT_PATH = '/api/auth/backchannel-logout';

const ApiRedirect = (description: string): MethodDecorator =>
  ApiResponse({ status: 302, description, headers: { Location: { description: 'Where to.', schema: { type: 'string' } } } });

/** Signing in and out. Who gets here is a browser that goes from page to page, so what goes wrong is told by the page. */
@ApiTags('Session')
@Controller({ path: 'api/auth', version: VERSION_NEUTRAL })
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly backchannel: BackchannelLogoutService,
  ) {}

  @Public()
  @ApiOperation({
    summary: 'Begin to sign in',
    description: 'For the address bar: goes to the issuer. A browser is told of problems by the page.',
  })
  @ApiRedirect('To the issuer, or to `/sign-in` with `login_issuer_unknown` as its `problem`.')
  @ApiProblems('invalid_request', 'rate_limited', 'login_disabled', 'login_unavailable', 'database_unavailable')
  @UseGuards(SignInRateLimitGuard)
  @HttpCode(302)
  @Redirect()
  @Get('login')
  async beginLogin(
    @Query() { issuer, returnTo }: BeginLoginDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ url: string }> {
    return { url: afterBegin(await this.logins.begin(request, response, issuer, returnTo)) };
  }

  @Public()
  @ApiOperation({
    summary: 'Finish to sign in',
    description:
      'Where the issuer sends the browser back to. The query is as OpenID Connect has it. A browser is told of problems by the page.',
  })
  @ApiRedirect('To the page, or to `/sign-in` with `login_expired`, `login_refused` or `login_failed` as its `problem`.')
  @ApiProblems('rate_limited', 'login_disabled', 'login_unavailable', 'database_unavailable')
  @UseGuards(SignInRateLimitGuard)
  @HttpCode(302)
  @Redirect()
  @Get('callback')
  async finishLogin(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<{ url: string }> {
    return { url: afterFinish(await this.logins.finish(request, response)) };
  }

  @Public()
  @ApiOperation({ summary: 'Sign out', description: 'Ends the session, if there is one.' })
  @ApiResponse({ status: 200, description: 'Nobody is signed in any more.', type: LoggedOutDto })
  @ApiProblems('login_disabled', 'database_unavailable')
  @ApiCrossOriginProblem()
  @HttpCode(200)
  @Post('logout')
  async logout(@Req() request: Request): Promise<LoggedOutDto> {
    return { url: await this.logins.end(request) };
  }

  @Public()
  @ApiOperation({
    summary: 'End the sessions that an issuer names',
    description:
      'For issuers: OpenID Connect Back-Channel Logout 1.0. What is asked is believed for the token, whoever sends it.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: BackchannelLogoutDto })
  @ApiResponse({ status: 200, description: 'The sessions have ended.' })
  @ApiProblems('logout_token_invalid', 'unsupported_media_type')
  @ApiProblems('login_disabled', 'login_unavailable', 'database_unavailable')
  @HttpCode(200)
  @Post('backchannel-logout')
  async logoutByIssuer(@Body('logout_token') token: unknown): Promise<void> {
    // Not a DTO, which would refuse whatever else an issuer sends (§2.5 has it ignored).
    const result = await this.backchannel.logout(typeof token === 'string' ? token : '');
    switch (result.kind) {
      case 'logged_out':
        return;
      case 'logout_token_invalid':
        throw new Problem('logout_token_invalid', `The logout token is refused: ${result.reason}.`);
      case 'login_unavailable':
        throw new Problem(
          'login_unavailable',
          "The issuer's keys cannot be had now, so the token was not judged. Send it again.",
        );
      default:
        return result satisfies never;
    }
  }
}

const issuerAway = (): Problem => new Problem('login_unavailable', 'The login issuer did not answer. Sign in again shortly.');

const signInPage = (problem: string): string => `${SIGN_IN_PAGE}?problem=${problem}`;

function afterBegin(result: BeginLoginResult): string {
  switch (result.kind) {
    case 'redirect':
      return result.url;
    case 'login_issuer_unknown':
      return signInPage(result.kind);
    case 'login_unavailable':
      throw issuerAway();
    default:
      return result satisfies never;
  }
}

function afterFinish(result: FinishLoginResult): string {
  switch (result.kind) {
    case 'signed_in':
      return result.returnTo;
    case 'login_expired':
    case 'login_refused':
    case 'login_failed':
      return signInPage(result.kind);
    case 'login_unavailable':
      throw issuerAway();
    default:
      return result satisfies never;
  }
}
