import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { errors as Errors, Provider } from 'oidc-provider';
import { expiredPage, pageHeaders, signInPage, type ListedUser } from './pages';

export interface LocalUser extends ListedUser {
  /** What tokens say as `sub`. */
  readonly subject: string;
}

const PATH = '/interaction/';
const MAX_FORM_BYTES = 4096;

/** Where oidc-provider sends a browser that has to sign in. */
export const interactionPath = (uid: string): string => `${PATH}${uid}`;
export const isInteraction = (request: IncomingMessage): boolean => request.url?.startsWith(PATH) ?? false;

export interface SignInOptions {
  readonly provider: Provider;
  readonly errors: typeof Errors;
  readonly users: readonly LocalUser[];
  /** Where browsers go after signing in. */
  readonly origin: string;
}

/** Shows the page for signing in, and takes what it sends. */
export async function answerInteraction(
  request: IncomingMessage,
  response: ServerResponse,
  { provider, errors, users, origin }: SignInOptions,
): Promise<void> {
  const show = (status: number, html: string) => response.writeHead(status, pageHeaders([origin])).end(html);
  try {
    const { uid } = await provider.interactionDetails(request, response);
    if (request.method !== 'POST') return void show(200, signInPage(interactionPath(uid), users, null));
    const form = await readForm(request);
    const user = users.find(({ email, password }) => email === form.get('email') && isSame(password, form.get('password') ?? ''));
    if (!user) return void show(401, signInPage(interactionPath(uid), users, 'There is no such user with this password.'));
    await provider.interactionFinished(request, response, { login: { accountId: user.subject } });
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    show(400, expiredPage());
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // More cannot be what the page sends; it counts as nothing.
    if (bytes > MAX_FORM_BYTES) return new URLSearchParams();
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
