import { hash } from 'node:crypto';
import type { KeySet } from './key-set';

const MAX_TOKENS = 2000;
/** A longer token is verified at each use, so that what is remembered stays within a few megabytes. */
const MAX_TOKEN_LENGTH = 4096;

/**
 * Remembers what was found in tokens whose signature was verified, so that it is not verified for each of a token's many
 * requests. All of it is forgotten with the key set that they were verified with: a key that its issuer withdrew ends
 * just as soon as without this. Whether a token's time has come or is over is for whoever asks to check each time.
 *
 * Tokens are kept as their SHA-256 only: a dump of the memory must not be a list of credentials.
 */
export class VerifiedTokens<T> {
  /** In the order of their last use. */
  private readonly found = new Map<string, T>();
  private verifiedWith: KeySet | null = null;

  /** @param keys the issuer's keys of now. */
  get(token: string, keys: KeySet): T | undefined {
    if (keys !== this.verifiedWith) {
      this.found.clear();
      this.verifiedWith = keys;
    }
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    const key = digest(token);
    const found = this.found.get(key);
    if (found !== undefined) {
      this.found.delete(key);
      this.found.set(key, found);
    }
    return found;
  }

  /** @param keys those that the token's signature was verified with; nothing is kept where they are not those of now. */
  add(token: string, keys: KeySet, found: T): void {
    if (keys !== this.verifiedWith || token.length > MAX_TOKEN_LENGTH) return;
    this.found.set(digest(token), found);
    if (this.found.size <= MAX_TOKENS) return;
    const [longestUnused] = this.found.keys();
    if (longestUnused !== undefined) this.found.delete(longestUnused);
  }
}

const digest = (token: string): string => hash('sha256', token, 'base64');
