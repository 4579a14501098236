import { Injectable, Logger } from '@nestjs/common';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { RunCounts, RunError } from '../jobs/run-report';
import { WorkerSettings } from '../platform/config/settings';
import { engineFlags, EngineProgram } from './engine-program';
import type { EngineMessage, EngineTask } from './engine-protocol';
import { EngineRun } from './engine-run';
import type { ReceivedOutput } from './output-receiver';
import type { Interruption } from './run-errors';

export type EngineProgress = Omit<Extract<EngineMessage, { type: 'progress' }>, 'type'>;

export type EngineOutcome =
  /** Everything that it made is stored. */
  | { kind: 'succeeded'; outputs: readonly EngineOutput[]; counts: RunCounts }
  /** The bundle, an input or a limit of the run; another attempt would end the same. `progress` is how far it had come, if that is known. */
  | { kind: 'failed'; error: RunError; progress: EngineProgress | null }
  | { kind: 'interrupted'; interruption: Interruption }
  /** What takes the outputs has rejected, with this. */
  | { kind: 'outputs_refused'; cause: unknown }
  /** The caller's signal. */
  | { kind: 'aborted' };

export interface EngineOutput {
  readonly name: string;
  readonly records: number;
}

export interface EngineRunOptions {
  readonly signal: AbortSignal;
  /** Says where an output goes. Called for each one, all different, before anything comes of the first. */
  readonly openOutput: (name: string) => ReceivedOutput;
  readonly onProgress: (progress: EngineProgress) => void;
  /** The engine is through, and what it made last is being stored. */
  readonly onTransformed: (counts: RunCounts) => void;
  /** Folders that the child may read: the bundle's, its packages' and the inputs'. */
  readonly readable: readonly string[];
}

/** Runs the engine in a process of its own, walled in and limited, and kills it when it has to end. */
@Injectable()
export class EngineProcess {
  private readonly logger = new Logger('EngineProcess');

  constructor(
    private readonly program: EngineProgram,
    private readonly settings: WorkerSettings,
  ) {}

  /** @throws Error only when no process could be started at all. */
  async run(task: EngineTask, options: EngineRunOptions): Promise<EngineOutcome> {
    if (options.signal.aborted) return { kind: 'aborted' };
    const child = this.start(task, options);
    if (child.pid === undefined) {
      const [error] = (await once(child, 'error')) as [Error];
      throw new Error('the engine could not be started', { cause: error });
    }
    // Later errors (a message that could not be sent) end in the child's exit, too.
    child.on('error', () => undefined);
    return new EngineRun(child, child.pid, options, this.settings, this.logger).finish(task);
  }

  private start(task: EngineTask, { readable }: EngineRunOptions): ChildProcess {
    const { entry } = this.program;
    return fork(entry, [], {
      // Nothing of ours, credentials above all. The time zone is fixed so that a date does not depend on the machine.
      env: { TZ: 'UTC' },
      execArgv: engineFlags(entry, readable, this.settings.runMemoryMb),
      cwd: task.directory,
      // The fourth is OUTPUT_FD.
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
    });
  }
}
