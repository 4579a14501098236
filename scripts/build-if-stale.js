/**
 * Builds the programs and the page, each if there is no build of its current sources. What counts is the content, not the
 * time: a fresh clone and a switched branch have times of their own.
 */
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const page = path.join('src', 'client');
const parts = [
  {
    name: 'programs',
    inputs: [
      'src',
      'migrations',
      'clients',
      'package-lock.json',
      'webpack.config.js',
      'nest-cli.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'swagger-plugin.options.json',
    ],
    except: page,
    stamp: path.join('dist', '.sources'),
    command: [path.join('@nestjs', 'cli', 'bin', 'nest.js'), 'build'],
  },
  {
    name: 'page',
    inputs: [page, 'package-lock.json', 'vite.config.mjs'],
    stamp: path.join('dist', 'client', '.sources'),
    command: [path.join('vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
  },
];

function digest({ inputs, except }) {
  const hash = createHash('sha256');
  const add = (name) => {
    const file = path.join(root, name);
    if (name === except) return;
    if (fs.statSync(file).isDirectory()) for (const entry of fs.readdirSync(file).sort()) add(path.join(name, entry));
    else if (!name.endsWith('.spec.ts')) hash.update(name).update('\0').update(fs.readFileSync(file));
  };
  inputs.forEach(add);
  return hash.digest('hex');
}

/** Ends this process where the build fails, with what it said. */
function build(part) {
  const current = digest(part);
  const stamp = path.join(root, part.stamp);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === current) return;
  console.log(`Building the ${part.name}…`);
  const [tool, ...options] = part.command;
  // Whoever asks for it: a test's NODE_ENV would make Vite build the page for development.
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(process.execPath, [path.join(root, 'node_modules', tool), ...options], { cwd: root, env });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.pipe(process.stderr);
  child.on('close', (status) => {
    if (status === 0) fs.writeFileSync(stamp, current);
    else console.error(said);
    process.exitCode ||= status === 0 ? 0 : (status ?? 1);
  });
}

parts.forEach(build);
