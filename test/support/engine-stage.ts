import { Logger } from '@nestjs/common';
import { mkdtemp, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { EngineProcess, type EngineOutcome, type EngineRunOptions } from '../../src/runner/engine-process';
import { buildTestPrograms } from './programs';
import { ReceivedOutputs } from './received-outputs';
import type { ScriptStep } from './scripted-engine';

export const ENGINE_LIMITS = { concurrency: 1, runTimeoutSeconds: 30, runMemoryMb: 128, maxLineBytes: 1024 };

interface RunOptions extends EngineRunOptions {
  limits: Partial<typeof ENGINE_LIMITS>;
}

/** A bundle's folder with an input, and what the engine's process makes of it by a script in the place of the bundle. */
export class EngineStage {
  /** What came of the last run, or is coming. */
  outputs = new ReceivedOutputs();

  private constructor(
    /** Has `bundle` and `inputs/INPUT_FILE.csv`, which a run may read, and `secret`, which it may not. */
    readonly root: string,
    /** Where the test programs are. */
    readonly programs: string,
  ) {}

  /** What the engine's process logs of its failures, which are what is tested, is not shown. */
  static async open(): Promise<EngineStage> {
    Logger.overrideLogger(false);
    const root = await realpath(await mkdtemp(path.join(tmpdir(), 'slipway-engine-test-')));
    for (const name of ['bundle', 'inputs']) await mkdir(path.join(root, name));
    await writeFile(path.join(root, 'inputs/INPUT_FILE.csv'), 'id\n1\n2\n');
    await writeFile(path.join(root, 'secret'), 'secret');
    return new EngineStage(root, await buildTestPrograms());
  }

  /** The program whose bundle is a script. */
  get entry(): string {
    return path.join(this.programs, 'main.engine-child.js');
  }

  close(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }

  run(script: ScriptStep[], { limits = {}, ...options }: Partial<RunOptions> = {}): Promise<EngineOutcome> {
    this.outputs = new ReceivedOutputs();
    const [directory, inputs] = [path.join(this.root, 'bundle'), path.join(this.root, 'inputs')];
    const engine = new EngineProcess({ entry: this.entry }, { ...ENGINE_LIMITS, ...limits });
    const task = {
      directory,
      params: { SCRIPT: JSON.stringify(script) },
      inputs: { INPUT_FILE: path.join(inputs, 'INPUT_FILE.csv') },
      limits: { maxLineBytes: 1024 },
    };
    return engine.run(task, { ...this.optionsFor([directory, inputs]), ...options });
  }

  /** Of a run that may read so much. */
  optionsFor(readable: readonly string[]): EngineRunOptions {
    return {
      signal: new AbortController().signal,
      openOutput: this.outputs.open,
      onProgress: () => undefined,
      onTransformed: () => undefined,
      readable,
    };
  }
}
