import { generateKeyPair, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { JWK } from 'jose';

/** The private keys of the local issuer, as a JWK Set (RFC 7517 §5). */
export interface SigningKeys {
  keys: (JWK & { kty: string })[];
}

/**
 * Reads the issuer's keys from `directory`, or makes one and keeps it there (mode 0600), so that tokens and cached keys of
 * earlier starts stay good.
 *
 * @throws Error that names the file when it holds something else
 */
export async function loadSigningKeys(directory: string): Promise<SigningKeys> {
  const file = path.join(directory, 'signing-keys.json');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return parse(kept, file);

  // 2,048 bits is the least that RS256 may have (RFC 7518 §3.3), and quick to make.
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const made: SigningKeys = {
    keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'RSA', kid: randomUUID(), use: 'sig', alg: 'RS256' }],
  };
  await mkdir(directory, { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}

function parse(text: string, file: string): SigningKeys {
  try {
    const found = JSON.parse(text) as Partial<SigningKeys>;
    if (Array.isArray(found.keys) && found.keys.length > 0) return { keys: found.keys };
  } catch {
    // The same message as for JSON of another shape.
  }
  throw new Error(`${file} is no JWK Set: delete it, and the local issuer makes new keys`);
}
