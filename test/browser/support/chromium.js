const { existsSync } = require('node:fs');

/** The browser of the tests: Debian's, or the one that CHROMIUM_PATH names. */
const chromiumPath = process.env.CHROMIUM_PATH || '/usr/bin/chromium';

/**
 * Whether the browser tests can run. A developer without the browser runs the other tests; CI must have it.
 *
 * @throws Error in CI, where a missing browser would pass as success
 */
function hasChromium() {
  if (existsSync(chromiumPath)) return true;
  if (process.env.CI) throw new Error(`The browser tests need Chromium at ${chromiumPath}, or where CHROMIUM_PATH says.`);
  console.warn(`No Chromium at ${chromiumPath}: the browser tests are left out. Install it, or set CHROMIUM_PATH.`);
  return false;
}

module.exports = { chromiumPath, hasChromium };
