import { Controller, Get, Req, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { ExternalApiSettings } from '../../platform/config/settings';
import { Public } from '../../platform/http/route-policy';
import { Problem } from '../../platform/problem/problem';
import { JOB_SCOPES } from '../auth/scopes';

const WELL_KNOWN = '.well-known/oauth-protected-resource';

/** RFC 9728 §2. Which partners there are is nobody's business here: their scopes are not told. */
interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly scopes_supported: readonly string[];
  readonly bearer_methods_supported: readonly ['header'];
}

/**
 * Tells a client which issuer's tokens are taken here (RFC 9728 §3). No challenge points here (§5.1): the metadata's URL would
 * have to be absolute, and neither the request's `Host`, which anybody can forge, nor the audience, which need not be an
 * address, can be trusted to be the one that clients reach.
 */
@ApiExcludeController()
@Controller({ version: VERSION_NEUTRAL })
export class ProtectedResourceController {
  constructor(private readonly settings: ExternalApiSettings) {}

  @Public()
  @Get([WELL_KNOWN, `${WELL_KNOWN}/*path`])
  describe(@Req() request: Request): ProtectedResourceMetadata {
    const { issuer, audience } = this.settings;
    const suffix = request.path.slice(`/${WELL_KNOWN}`.length).replace(/\/$/, '');
    if (issuer === null || audience === null || (suffix !== '' && suffix !== pathOf(audience)))
      throw new Problem('route_not_found', 'There is no protected resource at this path.');
    return {
      resource: audience,
      authorization_servers: [issuer],
      scopes_supported: JOB_SCOPES,
      bearer_methods_supported: ['header'],
    };
  }
}

/** §3.1: the path of a resource that is a URL follows the well-known one, without a slash at its end. */
function pathOf(audience: string): string | null {
  if (!URL.canParse(audience)) return null;
  const { protocol, pathname } = new URL(audience);
  return protocol === 'https:' || protocol === 'http:' ? pathname.replace(/\/$/, '') : null;
}
