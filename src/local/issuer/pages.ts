import { createHash } from 'node:crypto';

/** The pages of the local issuer: plain HTML without a script. */

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 26rem; margin: 3rem auto; padding: 0 1rem; }
  form { margin: 0 0 .75rem; }
  button { width: 100%; padding: .6rem .8rem; font: inherit; text-align: left; cursor: pointer; }
  button small { display: block; opacity: .75; }
  label { display: block; margin-bottom: .5rem; }
  input { display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; }
  [role=alert] { font-weight: 600; }
`;

/**
 * The headers of a page that runs nothing and is shown in no frame.
 *
 * @param origins where its forms may lead in the end, beside here: browsers look at that through redirects, too.
 */
export const pageHeaders = (origins: readonly string[]): Readonly<Record<string, string>> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    `form-action 'self' ${origins.join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
});

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** @param body HTML. */
export const page = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;

export interface ListedUser {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  /** What the user may do, in words. */
  readonly description: string;
}

/** A click signs in, since everybody who sees this page is on the developer's own machine; and so does an address with its password. */
export function signInPage(action: string, users: readonly ListedUser[], problem: string | null): string {
  const buttons = users.map(
    ({ email, password, name, description }) => `<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="email" value="${escapeHtml(email)}">
<input type="hidden" name="password" value="${escapeHtml(password)}">
<button type="submit">${escapeHtml(name)}<small>${escapeHtml(description)}</small></button>
</form>`,
  );
  return page(
    'Sign in to Slipway',
    `${problem === null ? '' : `<p role="alert">${escapeHtml(problem)}</p>`}
<p>Local mode has these users. Choose one:</p>
${buttons.join('\n')}
<details>
<summary>Sign in with a password</summary>
<form method="post" action="${escapeHtml(action)}">
<label>E-mail <input type="email" name="email" required autocomplete="username"></label>
<label>Password <input type="password" name="password" required autocomplete="current-password"></label>
<button type="submit">Sign in</button>
</form>
</details>`,
  );
}

/** @param form of oidc-provider, whose id is `op.logoutForm`. */
export const signOutPage = (form: string): string =>
  page(
    'Sign out of Slipway',
    `<p>This also ends your session at the local issuer.</p>
${form}
<button form="op.logoutForm" type="submit" name="logout" value="yes">Sign out</button>`,
  );

export const signedOutPage = (): string => page('You are signed out', '<p>You can close this page.</p>');

export const expiredPage = (): string => page('This page has expired', '<p>Go back to Slipway and sign in again.</p>');
