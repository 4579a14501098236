import { credentialFaults, needsCredentials } from './credentials';

const URL = 'https://ods.example.org/v7';
const faultsOf = (stored: string | null, baseUrl: string, key: string, secret: string): string[] =>
  Object.keys(credentialFaults(stored, { baseUrl, key, secret }));

describe('the key and secret of a connection', () => {
  it('are needed for a new one and for another base URL', () => {
    expect(needsCredentials(null, URL)).toBe(true);
    expect(needsCredentials(URL, 'https://other.example.org')).toBe(true);
    expect(faultsOf(null, URL, '', '')).toEqual(['key', 'secret']);
  });

  it('may stay as they are for the same base URL', () => {
    expect(needsCredentials(URL, ` ${URL} `)).toBe(false);
    expect(faultsOf(URL, URL, '', '')).toEqual([]);
  });

  it('are replaced together', () => {
    expect(faultsOf(URL, URL, 'key', '')).toEqual(['secret']);
    expect(faultsOf(URL, URL, '', 'secret')).toEqual(['key']);
    expect(faultsOf(URL, URL, 'key', 'secret')).toEqual([]);
  });
});
