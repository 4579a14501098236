import { randomBytes } from 'node:crypto';
import { Encryption, UndecryptableError } from './encryption';

const key = (id: string) => ({ id, key: randomBytes(32) });
const [old, recent] = [key('old'), key('recent')];
const PLACE = 'table.column:1';

describe('encryption at rest', () => {
  const encryption = new Encryption({ keys: [old] });

  it.each(['', 'whsec_c2VjcmV0', 'ü 🔑 secret'])('gives back %j', (text) => {
    expect(encryption.decrypt(encryption.encrypt(text, PLACE), PLACE)).toBe(text);
  });

  it('shows nothing of the text, and is another each time', () => {
    const [first, second] = [encryption.encrypt('a secret text', PLACE), encryption.encrypt('a secret text', PLACE)];
    expect(first).toMatch(/^v1:old:[A-Za-z0-9+/]+=*$/);
    expect(first).not.toBe(second);
    expect(Buffer.from(first.split(':')[2] ?? '', 'base64').toString('latin1')).not.toContain('secret');
  });

  it('is refused in another place', () => {
    const encrypted = encryption.encrypt('secret', PLACE);
    expect(() => encryption.decrypt(encrypted, 'table.column:2')).toThrow(UndecryptableError);
  });

  it('is refused when any byte of it was changed, or some are missing', () => {
    const prefix = encryption.currentPrefix;
    const bytes = Buffer.from(encryption.encrypt('secret', PLACE).slice(prefix.length), 'base64');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => encryption.decrypt(prefix + changed.toString('base64'), PLACE)).toThrow(UndecryptableError);
      expect(() => encryption.decrypt(prefix + bytes.subarray(0, at).toString('base64'), PLACE)).toThrow(UndecryptableError);
    }
  });

  it('goes on with the first key, and still reads what an older one wrote', () => {
    const encrypted = encryption.encrypt('secret', PLACE);
    const rotated = new Encryption({ keys: [recent, old] });
    expect(rotated.decrypt(encrypted, PLACE)).toBe('secret');
    expect(rotated.encrypt('secret', PLACE)).toMatch(/^v1:recent:/);
    expect(encrypted.startsWith(rotated.currentPrefix)).toBe(false);
  });

  it('is refused without its key, and under another key of the same id', () => {
    const encrypted = encryption.encrypt('secret', PLACE);
    expect(() => new Encryption({ keys: [recent] }).decrypt(encrypted, PLACE)).toThrow('ENCRYPTION_KEYS');
    expect(() => new Encryption({ keys: [key('old')] }).decrypt(encrypted, PLACE)).toThrow(UndecryptableError);
  });

  it.each(['', 'secret', 'v0:old:AAAA', 'v1:old', 'v1::', 'v1:old:%%%'])('refuses %j', (encrypted) => {
    expect(() => encryption.decrypt(encrypted, PLACE)).toThrow(UndecryptableError);
  });
});
