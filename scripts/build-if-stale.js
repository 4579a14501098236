/**
 * Builds the programs if there is no build of the current sources. What counts is the content, not the time: a fresh clone and
 * a switched branch have times of their own.
 */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const stamp = path.join(root, 'dist', '.sources');
const inputs = [
  'src',
  'migrations',
  'clients',
  'package-lock.json',
  'webpack.config.js',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'swagger-plugin.options.json',
];

function digest() {
  const hash = createHash('sha256');
  const add = (name) => {
    const file = path.join(root, name);
    if (fs.statSync(file).isDirectory()) for (const entry of fs.readdirSync(file).sort()) add(path.join(name, entry));
    else if (!name.endsWith('.spec.ts')) hash.update(name).update('\0').update(fs.readFileSync(file));
  };
  inputs.forEach(add);
  return hash.digest('hex');
}

const current = digest();
const built = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : '';
if (built !== current) {
  console.log('Building…');
  const nest = path.join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const { status, stdout } = spawnSync(process.execPath, [nest, 'build'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) {
    console.error(stdout);
    process.exit(status ?? 1);
  }
  fs.writeFileSync(stamp, current);
}
