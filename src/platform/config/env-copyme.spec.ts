import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentSchema } from './environment';
import { loadConfig } from './load-config';

const text = readFileSync(join(__dirname, '../../../env.copyme'), 'utf8');
const lines = [...text.matchAll(/^(# )?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, comment, name, value]) => ({
  name: name ?? '',
  value: value ?? '',
  isDefault: comment !== undefined,
}));

describe('env.copyme', () => {
  it('has every variable once, and no other', () => {
    expect(lines.map(({ name }) => name).sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  it("begins with the issuer's", () => {
    expect(lines[0]?.name).toBe('EXTERNAL_API_TOKEN_ISSUER');
  });

  it('shows the defaults that the schema has', () => {
    const defaults = environmentSchema.parse({}) as Record<string, unknown>;
    for (const { name, value, isDefault } of lines)
      expect([name, isDefault ? value : '']).toEqual([name, String(defaults[name] ?? '')]);
  });

  it('is refused as it is, with what has to be filled in', () => {
    const env = Object.fromEntries(lines.map(({ name, value }) => [name, value]));
    expect(() => loadConfig(env, 'web')).toThrow(/DATABASE_URL is not set[^]*S3_BUCKET is not set[^]*BUNDLE_REGISTRY is not set/);
  });
});
