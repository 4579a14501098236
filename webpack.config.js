const fs = require('node:fs');
const path = require('node:path');
const swaggerPlugin = require('@nestjs/swagger/plugin');
const swaggerOptions = require('./swagger-plugin.options.json');

/**
 * Every program of the product is one entry; `src/main.X.ts` becomes `dist/main.X.js`. The engine's child is an entry of its
 * own because it runs as a separate process without Nest or a database.
 */
const entries = Object.fromEntries(
  fs
    .readdirSync(path.join(__dirname, 'src'))
    .filter((file) => /^main(\.[\w-]+)?\.ts$/.test(file))
    .map((file) => [path.basename(file, '.ts'), `./src/${file}`]),
);

/** @returns {import('webpack').Configuration} */
module.exports = () => ({
  mode: 'none',
  target: 'node',
  devtool: 'source-map',
  entry: entries,
  // The page has a build of its own beside the programs.
  output: {
    path: path.join(__dirname, 'dist'),
    filename: '[name].js',
    libraryTarget: 'commonjs2',
    clean: { keep: /^client(\/|$)/ },
  },
  resolve: { extensions: ['.ts', '.js', '.json'] },
  // node_modules stay outside the bundle: production installs them with `npm ci --omit=dev`.
  externals: [
    ({ request }, done) => (/^[a-z@]/i.test(request) && !path.isAbsolute(request) ? done(null, `commonjs ${request}`) : done()),
  ],
  externalsPresets: { node: true },
  optimization: { splitChunks: false, runtimeChunk: false, nodeEnv: false },
  module: {
    rules: [
      {
        test: /\.ts$/,
        loader: 'ts-loader',
        exclude: /node_modules/,
        options: {
          // Types are needed: the swagger plugin reads them to fill the DTOs' schemas.
          transpileOnly: false,
          configFile: 'tsconfig.build.json',
          getCustomTransformers: (program) => ({ before: [swaggerPlugin.before(swaggerOptions, program)] }),
        },
      },
    ],
  },
  node: { __dirname: false, __filename: false },
  ignoreWarnings: [/Critical dependency/],
});
