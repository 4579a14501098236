import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { WebSettings } from '../../platform/config/settings';
import { Problem } from '../../platform/problem/problem';
import { isFromOwnPage } from './same-origin';
import { WebSessions } from './web-sessions';

/** What stands before every route of the web page's API, also before those that there are not. */

/** Nobody can sign in where there is no issuer, so nothing else is of use. */
@Injectable()
export class RequireLoginIssuers implements NestMiddleware {
  constructor(private readonly settings: WebSettings) {}

  use(_request: Request, _response: Response, next: NextFunction): void {
    if (this.settings.issuers.length > 0) return next();
    next(new Problem('login_disabled', 'This installation has no login issuer (WEB_LOGIN_ISSUERS), so its web page is off.'));
  }
}

/** Against cross-site request forgery: the cookie goes along with whatever a browser sends us, from wherever it was told to. */
@Injectable()
export class RefuseCrossOrigin implements NestMiddleware {
  constructor(private readonly settings: WebSettings) {}

  use({ method, headers }: Request, _response: Response, next: NextFunction): void {
    const site = headers['sec-fetch-site'];
    const source = { method, origin: headers.origin, site: typeof site === 'string' ? site : undefined };
    if (isFromOwnPage(source, this.settings.baseUrl ?? '')) return next();
    next(
      new Problem('cross_origin_request', `Only a page of ${this.settings.baseUrl} may ask for this (Origin, Sec-Fetch-Site).`),
    );
  }
}

@Injectable()
export class LoadSession implements NestMiddleware {
  constructor(private readonly sessions: WebSessions) {}

  use(request: Request, response: Response, next: NextFunction): void {
    this.sessions.middleware(request, response, next);
  }
}
