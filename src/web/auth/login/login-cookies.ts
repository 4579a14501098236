import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { WebSettings } from '../../../platform/config/settings';
import { Encryption, UndecryptableError } from '../../../platform/encryption/encryption';
import { cookieNames, type CookieNames } from '../cookie-names';

/** A login that was begun: what its end has to be compared with. */
export interface PendingLogin {
  /** The issuer's `id` in the settings. */
  readonly issuerId: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly returnTo: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** How long somebody may take at the issuer. */
const LIFETIME_MS = 10 * 60_000;
/** Tabs of one browser that sign in at the same time; with one more, the oldest has to begin again. */
const MAX_PENDING = 4;

/**
 * Logins under way, each in an encrypted cookie of the browser that began it: whoever brings a `state` from elsewhere has none, and
 * nobody can fill our database by beginning logins.
 */
@Injectable()
export class LoginCookies {
  private readonly names: CookieNames;

  constructor(
    settings: WebSettings,
    private readonly encryption: Encryption,
  ) {
    this.names = cookieNames(settings);
  }

  add(request: Request, response: Response, login: PendingLogin): void {
    const others = this.read(request).sort((left, right) => right.startedAt - left.startedAt);
    for (const { state } of others.slice(MAX_PENDING - 1)) this.remove(response, state);
    const name = this.nameFor(login.state);
    response.cookie(name, this.encryption.encrypt(JSON.stringify(login), place(name)), {
      ...this.attributes(),
      maxAge: LIFETIME_MS,
    });
  }

  /** The login with this state that the browser began, which is over with that; null where there is none, or it took too long. */
  take(request: Request, response: Response, state: string): PendingLogin | null {
    const login = this.read(request).find((candidate) => candidate.state === state);
    if (!login) return null;
    this.remove(response, state);
    return Date.now() - login.startedAt > LIFETIME_MS ? null : login;
  }

  private remove(response: Response, state: string): void {
    response.clearCookie(this.nameFor(state), this.attributes());
  }

  private read(request: Request): PendingLogin[] {
    return cookiesOf(request)
      .filter(({ name }) => name.startsWith(this.names.login))
      .flatMap(({ name, value }) => this.decode(name, value) ?? []);
  }

  private decode(name: string, value: string): PendingLogin | null {
    try {
      return JSON.parse(this.encryption.decrypt(value, place(name))) as PendingLogin;
    } catch (error) {
      if (error instanceof UndecryptableError) return null;
      throw error;
    }
  }

  private nameFor(state: string): string {
    return this.names.login + state;
  }

  private attributes() {
    // Lax and not Strict: the end comes by a link of the issuer's.
    return { httpOnly: true, secure: this.names.isSecure, sameSite: 'lax', path: '/' } as const;
  }
}

const place = (cookieName: string): string => `cookie:${cookieName}`;

function cookiesOf({ headers }: Request): { name: string; value: string }[] {
  return (headers.cookie ?? '').split(';').flatMap((pair) => {
    const [name = '', ...rest] = pair.trim().split('=');
    const value = decoded(rest.join('='));
    return value === null ? [] : [{ name, value }];
  });
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
