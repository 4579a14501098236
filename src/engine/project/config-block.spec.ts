import { readConfigBlock } from './config-block';
import { YamlMapping } from './yaml';

function defaultsIn(text: string): string[] {
  const defaults = readConfigBlock(text, 'earthmover.yaml')?.get('parameter_defaults');
  return defaults instanceof YamlMapping ? [...defaults.entries.keys()].map(String) : [];
}

const config = 'config:\n  parameter_defaults:\n    A: 1\n';

describe('readConfigBlock', () => {
  it('reads the config that is the first mapping, before any Jinja', () => {
    expect(defaultsIn(`version: 2\n\n# a comment\n${config}\n{% set x = [1] %}\n{% for i in x %}\nsources: {}\n`)).toEqual(['A']);
  });

  it('finds none after another mapping', () => {
    expect(defaultsIn(`version: 2\npackages:\n  a:\n    local: x\n${config}`)).toEqual([]);
  });

  it('finds none after Jinja', () => {
    expect(defaultsIn(`{% set a = 1 %}\n${config}`)).toEqual([]);
  });

  it('keeps comments at the margin inside', () => {
    expect(defaultsIn(`config:\n# here\n  parameter_defaults:\n    A: 1\n`)).toEqual(['A']);
  });
});
