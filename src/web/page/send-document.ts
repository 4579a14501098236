import type { Response } from 'express';
import { randomBytes } from 'node:crypto';
import type { ProblemCode } from '../../platform/problem/problem-codes';
import type { BuiltPage } from './built-page';
import { contentSecurityPolicy } from './content-security-policy';

/**
 * Answers with the page's document.
 *
 * @param storeOrigin of the object store's presigned URLs; null where it is not known
 * @param problem what the page is to tell; null: it shows what its address says
 */
export function sendDocument(
  { document }: BuiltPage,
  storeOrigin: string | null,
  response: Response,
  problem: ProblemCode | null = null,
): void {
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(nonce, storeOrigin));
  response.type('html').send(document.replace('%STYLE_NONCE%', nonce).replace('%PROBLEM%', problem ?? ''));
}
