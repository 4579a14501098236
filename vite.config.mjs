import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import postcssPresetMantine from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

/** Compressed once here, so that the web process sends files as they are. @returns {import('vite').Plugin} */
function compressAssets() {
  let assets = '';
  return {
    name: 'compress-assets',
    configResolved: ({ build }) => {
      assets = join(import.meta.dirname, 'dist', 'client', build.assetsDir);
    },
    closeBundle: () => {
      for (const name of readdirSync(assets).filter((file) => /\.(js|css|svg)$/.test(file))) {
        const content = readFileSync(join(assets, name));
        writeFileSync(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(
          join(assets, `${name}.br`),
          brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
        );
      }
    },
  };
}

/** The web page: `src/client` into `dist/client`, which the web process serves. */
export default defineConfig({
  root: join(import.meta.dirname, 'src', 'client'),
  plugins: [compressAssets()],
  css: { postcss: { plugins: [postcssPresetMantine()] } },
  build: {
    outDir: join(import.meta.dirname, 'dist', 'client'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // The Content-Security-Policy lets nothing but files of this server in.
    assetsInlineLimit: 0,
    // How much a first visit loads is a test's to judge: test/contract/page-size.spec.ts.
    chunkSizeWarningLimit: Infinity,
    rolldownOptions: {
      // Libraries that mark modules for React's server components, which there are none of here.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
});
