import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { EngineProcess } from '../../src/runner/engine-process';

/** A program that runs an endless engine and prints `child <pid>` once it is busy. Arguments: the child's entry, a folder. */
const [entry = '', root = ''] = process.argv.slice(2);
const limits = { concurrency: 1, runTimeoutSeconds: 60, runMemoryMb: 128, maxLineBytes: 1024 };
const outputDirectory = mkdtempSync(path.join(root, 'outputs-'));
const params = { SCRIPT: JSON.stringify([{ do: 'tellPid', to: 'pid' }, { do: 'spin' }]) };
const task = { directory: root, params, inputs: {}, outputDirectory, limits: { maxLineBytes: 1024 } };
const options = { signal: new AbortController().signal, onProgress: () => undefined, readable: [root] };
void new EngineProcess({ entry }, limits).run(task, options);

const timer = setInterval(() => {
  const file = path.join(outputDirectory, 'pid');
  const pid = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (!pid.endsWith('\n')) return;
  clearInterval(timer);
  console.log(`child ${pid}`);
}, 50);
