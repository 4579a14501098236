import { Anchor, Typography } from '@mantine/core';
import type { ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { texts } from '../../texts';
import { nestHeadings } from './nest-headings';
import classes from './readme.module.css';
import { readmeLink } from './readme-links';

const words = texts.help;

/**
 * A bundle's README, written by whoever made the bundle: its markup is taken, HTML within it is left out. Nothing is loaded from
 * other hosts, so an image is its description, with a link if it is somewhere else.
 */
export function Readme({ markdown }: { markdown: string }) {
  return (
    <Typography className={classes.readme}>
      <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[nestHeadings]} components={components} skipHtml>
        {markdown}
      </Markdown>
    </Typography>
  );
}

const components: Components = {
  a: ({ href, children }) => <ReadmeLink href={href}>{children}</ReadmeLink>,
  img: ({ src, alt }) => (
    <ReadmeLink href={typeof src === 'string' ? src : undefined}>
      {alt ? words.image(alt) : words.imageWithoutDescription}
    </ReadmeLink>
  ),
  // Of a list of tasks.
  input: ({ checked }) => (
    <input type="checkbox" checked={checked ?? false} disabled aria-label={checked ? words.done : words.open} />
  ),
  // What is wider than the page scrolls by itself, also with the keyboard.
  table: ({ children }) => (
    <div className={classes.wide} role="group" aria-label={words.tableLabel} tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  pre: ({ children }) => (
    <pre tabIndex={0} role="group" aria-label={words.codeLabel}>
      {children}
    </pre>
  ),
};

function ReadmeLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  const link = readmeLink(href);
  if (!link) return <span>{children}</span>;
  const elsewhere = link.external ? { target: '_blank', rel: 'noopener noreferrer' } : {};
  return (
    <Anchor href={link.href} inherit underline="always" {...elsewhere}>
      {children}
    </Anchor>
  );
}
