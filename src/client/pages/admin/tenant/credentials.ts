import { texts } from '../../../texts';

interface Values {
  readonly baseUrl: string;
  readonly key: string;
  readonly secret: string;
}

/**
 * Whether key and secret have to be entered: stored ones never go to another base URL than the one that they were given for.
 *
 * @param stored the base URL that there is; null: none
 */
export const needsCredentials = (stored: string | null, baseUrl: string): boolean => stored !== baseUrl.trim();

/** What is missing of key and secret: both or neither, and both where they are needed. */
export function credentialFaults(stored: string | null, { baseUrl, key, secret }: Values): { key?: string; secret?: string } {
  const needed = needsCredentials(stored, baseUrl) || key !== '' || secret !== '';
  return {
    ...(needed && key === '' ? { key: texts.admin.ods.keyFault } : {}),
    ...(needed && secret === '' ? { secret: texts.admin.ods.secretFault } : {}),
  };
}
