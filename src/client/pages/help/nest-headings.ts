/** The part of a hast tree (https://github.com/syntax-tree/hast) that matters here. */
export interface TreeNode {
  type: string;
  tagName?: string;
  children?: TreeNode[];
}

const LAST_LEVEL = 6;

/**
 * A rehype plugin that puts a document's headings below the page's `h1` and leaves no level out, whatever levels its author used:
 * what is deeper than the heading before it becomes one deeper.
 */
export function nestHeadings() {
  return (tree: TreeNode): void => {
    /** The author's levels of the headings that the current one is under. */
    const path: number[] = [];
    for (const heading of headingsOf(tree)) {
      const level = Number(heading.tagName?.slice(1));
      while (path.length > 0 && (path.at(-1) ?? 0) >= level) path.pop();
      path.push(level);
      heading.tagName = `h${Math.min(path.length + 1, LAST_LEVEL)}`;
    }
  };
}

function headingsOf(node: TreeNode): TreeNode[] {
  return (node.children ?? []).flatMap((child) => (/^h[1-6]$/.test(child.tagName ?? '') ? [child] : headingsOf(child)));
}
