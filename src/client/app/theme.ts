import { Anchor, createTheme, type CSSVariablesResolver } from '@mantine/core';

/** Mantine's own look but for what its defaults lack in contrast (WCAG 2.2 §1.4.3) and what gives the page its calm. */
export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: { light: 9, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.625rem', lineHeight: '1.3' }, h2: { fontSize: '1.125rem' } } },
  components: { Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }) },
});

export const cssVariablesResolver: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#586069',
    '--mantine-color-placeholder': '#6a737d',
    '--mantine-color-error': colors.red[9],
    '--mantine-color-anchor': colors.cyan[9],
    '--slipway-canvas': colors.gray[0],
    '--slipway-surface': '#fff',
    '--slipway-line': colors.gray[3],
  },
  dark: {
    '--mantine-color-dimmed': '#a6abb3',
    '--mantine-color-placeholder': '#9a9fa7',
    '--mantine-color-error': colors.red[4],
    '--mantine-color-anchor': colors.cyan[4],
    '--slipway-canvas': colors.dark[8],
    '--slipway-surface': colors.dark[7],
    '--slipway-line': colors.dark[5],
  },
});
