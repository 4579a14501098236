import { firstParagraph, readAbout } from './bundle-about';

describe("a bundle's description", () => {
  it.each([
    ['# Title\n\nOne *two*\n`three`.\n\nMore', 'One two three.'],
    ['# Title\nDirectly below.', 'Directly below.'],
    ['# T\n\n| a | b |\n|---|---|\n\n- a list\n\n[Linked](https://x.example) text', 'Linked text'],
    ['# Only a title', null],
    ['', null],
  ])('of %j is %j', (markdown, description) => {
    expect(firstParagraph(markdown)).toBe(description);
  });

  it('is not long', () => {
    expect(firstParagraph('x'.repeat(2_000))).toHaveLength(500);
  });
});

it('what a bundle says of itself is read from its own folder', () => {
  const files = new Map(
    Object.entries({
      'a/b/README.md': '# B\n\nAbout b.',
      'a/b/earthmover.yaml': 'config: {parameter_defaults: {NOTE: none}}\nsources: {s: {file: "${INPUT_FILE}", columns: [x]}}',
      'a/b/sub/README.md': 'another',
      'packages/p/README.md': 'a package',
    }).map(([path, text]) => [path, Buffer.from(text)]),
  );
  expect(readAbout('a/b', files, ['INPUT_FILE'])).toEqual({
    readme: '# B\n\nAbout b.',
    description: 'About b.',
    columns: { INPUT_FILE: { required: ['x'], optional: [] } },
    defaults: { NOTE: 'none' },
  });
  expect(readAbout('packages', files, [])).toMatchObject({ readme: null, description: null, columns: {}, defaults: {} });
});
