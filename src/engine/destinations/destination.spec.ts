import { runProject, sourceProject } from '../../../test/support/bundle';

describe('destinations', () => {
  const output = async (destination: string, template = '{{ a }}', table = 'a,b\n1,2\n3,4\n'): Promise<string | undefined> =>
    (await runProject({ 'earthmover.yaml': sourceProject('file: s.csv', destination), 't.jsont': template, 's.csv': table }))
      .texts['out.txt'];

  it('makes white space of the template one blank, and leaves that of the data', async () => {
    expect(await output('template: t.jsont', '{\n  "a":\t"{{ a }}"\n}\n', 'a\n"x\n  y"\n')).toBe('{ "a": "x\n  y" } \n');
  });

  it('leaves the template as it is without linearize', async () => {
    expect(await output('template: t.jsont\nlinearize: false', '{\n  {{ a }}\n}\n')).toBe('{\n  1\n}\n{\n  3\n}\n');
  });

  it('writes whole rows as JSON without a template', async () => {
    expect(await output('linearize: true', '', 'a,b\n<é\'"&>,\n')).toBe(
      '{ "a": "\\u003c\\u00e9\\u0027\\"\\u0026\\u003e", "b": "" }\n',
    );
  });

  it('writes header and footer as they are, or with the first row', async () => {
    expect(await output('template: t.jsont\nheader: "["\nfooter: "]"')).toBe('[1\n3\n]');
    expect(await output('template: t.jsont\nheader: "{% raw %}{{ a }},{{ __row_data__.b }}{% endraw %}"')).toBe('1,2\n1\n3\n');
    expect(await output('template: t.jsont\nfooter: "{% raw %}<{{ a }}>{% endraw %}"', '{{ a }}', 'a\n')).toBe('<>\n');
  });

  it.each(['../out', 'a/b'])('refuses the output name %s', async (name) => {
    const yaml = `version: 2\nsources: {main: {file: s.csv}}\ndestinations: {"${name}": {source: $sources.main}}\n`;
    await expect(runProject({ 'earthmover.yaml': yaml, 's.csv': 'a\n' })).rejects.toMatchObject({ code: 'bundle_invalid' });
  });
});
