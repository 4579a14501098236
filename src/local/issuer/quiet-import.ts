import type * as OidcProvider from 'oidc-provider';

/**
 * Loads oidc-provider, an ES module (`require` of one works from Node 20.19 on), when a local issuer is started and not before.
 * On Node 20 it warns, while it loads, of a runtime that it has not been tested on; what we use of it is tested there.
 */
export async function importOidcProvider(): Promise<typeof OidcProvider> {
  const { warn } = console;
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes('oidc-provider WARNING')) warn.apply(console, args);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
