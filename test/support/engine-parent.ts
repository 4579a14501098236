import { EngineProcess } from '../../src/runner/engine-process';

/** A program that runs an endless engine and prints `child <pid>` once it is busy. Arguments: the child's entry, a folder. */
const [entry = '', root = ''] = process.argv.slice(2);
const limits = { concurrency: 1, runTimeoutSeconds: 60, runMemoryMb: 128, maxLineBytes: 1024 };
const params = { SCRIPT: JSON.stringify([{ do: 'tellPid', to: 'pid' }, { do: 'spin' }]) };
const task = { directory: root, params, inputs: {}, limits: { maxLineBytes: 1024 } };
const tell = (pid: Buffer): Promise<void> => Promise.resolve(console.log(`child ${pid.toString()}`));
void new EngineProcess({ entry }, limits).run(task, {
  signal: new AbortController().signal,
  openOutput: () => ({ write: tell, end: tell }),
  onProgress: () => undefined,
  onTransformed: () => undefined,
  readable: [root],
});
