import { Injectable } from '@nestjs/common';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { PagingSettings } from '../config/settings';
import { Problem } from '../problem/problem';

/** For whom and for which list a cursor is good: the caller, the list's name and its filters. */
export type CursorScope = Readonly<Record<string, unknown>>;

const MAC_BYTES = 16;

/**
 * Keyset cursors that only we can make, each good for one caller and one set of filters. The position inside is not secret
 * from the client that it was made for; the signature keeps it from being changed or lent.
 */
@Injectable()
export class Cursors {
  constructor(private readonly settings: PagingSettings) {}

  encode(position: string, scope: CursorScope): string {
    return Buffer.concat([this.sign(position, scope), Buffer.from(position)]).toString('base64url');
  }

  /**
   * The position that a request's cursor stands for; null where it has none.
   *
   * @throws Problem `invalid_cursor` for one that we did not make for this scope.
   */
  position(cursor: string | undefined, scope: CursorScope): string | null {
    if (cursor === undefined) return null;
    const position = this.decode(cursor, scope);
    if (position !== null) return position;
    const detail = 'is not a cursor of this list with these filters for this client';
    throw new Problem('invalid_cursor', `cursor: ${detail}; leave it out to begin anew.`, {
      errors: [{ parameter: 'cursor', code: 'invalid_cursor', detail }],
    });
  }

  /** The position, or null for a cursor that we did not make for this scope. */
  decode(cursor: string, scope: CursorScope): string | null {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== cursor) return null;
    const position = bytes.subarray(MAC_BYTES).toString();
    return timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.sign(position, scope)) ? position : null;
  }

  private sign(position: string, scope: CursorScope): Buffer {
    const entries = Object.entries(scope).sort(([a], [b]) => (a < b ? -1 : 1));
    const digest = createHash('sha256')
      .update(JSON.stringify([position, entries]))
      .digest();
    return createHmac('sha256', this.settings.cursorSecret).update(digest).digest().subarray(0, MAC_BYTES);
  }
}
