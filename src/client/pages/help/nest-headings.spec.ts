import { nestHeadings, type TreeNode } from './nest-headings';

function nested(...levels: number[]): (string | undefined)[] {
  const children = levels.map((level): TreeNode => ({ type: 'element', tagName: `h${level}` }));
  nestHeadings()({ type: 'root', children });
  return children.map(({ tagName }) => tagName);
}

describe('a document’s headings', () => {
  it('are put below the page’s own', () => {
    expect(nested(1, 2, 2, 3, 2)).toEqual(['h2', 'h3', 'h3', 'h4', 'h3']);
  });

  it('leave no level out', () => {
    expect(nested(1, 4, 6, 2)).toEqual(['h2', 'h3', 'h4', 'h3']);
    expect(nested(3, 1, 2)).toEqual(['h2', 'h2', 'h3']);
  });

  it('end at the sixth level', () => {
    expect(nested(1, 2, 3, 4, 5, 6)).toEqual(['h2', 'h3', 'h4', 'h5', 'h6', 'h6']);
  });

  it('are found wherever they are', () => {
    const heading: TreeNode = { type: 'element', tagName: 'h1' };
    nestHeadings()({
      type: 'root',
      children: [{ type: 'element', tagName: 'blockquote', children: [{ type: 'text' }, heading] }],
    });
    expect(heading.tagName).toBe('h2');
  });
});
