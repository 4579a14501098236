import { Anchor, createTheme, Modal, Notification, type CSSVariablesResolver } from '@mantine/core';
import { texts } from '../texts';

/** Mantine's own look but for what its defaults lack in contrast (WCAG 2.2 §1.4.3) and what gives the page its calm. */
export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: 9,
  defaultRadius: 'md',
  cursorType: 'pointer',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem' },
      h3: { fontSize: '1rem' },
      h4: { fontSize: '0.9375rem' },
      h5: { fontSize: '0.875rem' },
      h6: { fontSize: '0.875rem' },
    },
  },
  components: {
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': texts.common.close } } }),
    // Its head is a `header`, which would be a second banner of the page.
    Modal: Modal.extend({ defaultProps: { attributes: { header: { role: 'none' } } }, styles: { title: { fontWeight: 600 } } }),
  },
});

export const cssVariablesResolver: CSSVariablesResolver = ({ colors }) => ({
  // Mantine's own is lighter than the shade itself where that is the last.
  variables: { '--mantine-primary-color-filled-hover': '#095c6b', '--mantine-color-cyan-filled-hover': '#095c6b' },
  light: {
    '--mantine-color-dimmed': '#586069',
    '--mantine-color-placeholder': '#6a737d',
    '--mantine-color-error': colors.red[9],
    '--mantine-color-anchor': colors.cyan[9],
    // On its own hover colour, too.
    '--mantine-color-cyan-light-color': '#095c6b',
    '--slipway-canvas': colors.gray[0],
    '--slipway-surface': '#fff',
    '--slipway-line': colors.gray[3],
    '--slipway-control': '#7f878f',
    '--slipway-focus': colors.cyan[9],
  },
  dark: {
    '--mantine-color-dimmed': '#a6abb3',
    '--mantine-color-placeholder': '#9a9fa7',
    '--mantine-color-error': colors.red[4],
    '--mantine-color-anchor': colors.cyan[4],
    '--mantine-color-red-light': '#3a1b1d',
    '--mantine-color-red-light-color': colors.red[2],
    '--slipway-canvas': colors.dark[8],
    '--slipway-surface': colors.dark[7],
    '--slipway-line': colors.dark[5],
    '--slipway-control': colors.dark[2],
    '--slipway-focus': colors.cyan[4],
    '--combobox-chevron-color': colors.dark[2],
  },
});
