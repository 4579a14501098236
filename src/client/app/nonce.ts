declare global {
  // Mantine's scroll lock (react-remove-scroll) adds a style element, and asks for its nonce by this name.
  var __webpack_nonce__: string | undefined;
}

/** What the Content-Security-Policy asks of every style element that is added. The server puts a new one into each document. */
export const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce ?? '';

/** For libraries that add styles by themselves. */
export function publishStyleNonce(): void {
  globalThis.__webpack_nonce__ = styleNonce();
}
