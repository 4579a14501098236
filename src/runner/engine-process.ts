import { Injectable, Logger } from '@nestjs/common';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { holdableBytes } from '../engine/held/held-memory';
import { WorkerSettings } from '../platform/config/settings';
import { isDiskErrno } from './disk-errors';
import { watchMemory } from './engine-memory';
import { engineFlags, EngineProgram } from './engine-program';
import { engineMessage, type EngineMessage, type EngineTask } from './engine-protocol';
import { killWithParent } from './parent-watch';
import { runErrors, type Interruption } from './run-errors';
import type { RunError } from '../jobs/run-report';

export type EngineOutcome =
  | (Omit<Extract<EngineMessage, { type: 'succeeded' }>, 'type'> & { kind: 'succeeded' })
  /** The bundle, an input or a limit of the run; another attempt would end the same. */
  | { kind: 'failed'; error: RunError }
  | { kind: 'interrupted'; interruption: Interruption }
  /** The caller's signal. */
  | { kind: 'aborted' };

export type EngineProgress = Omit<Extract<EngineMessage, { type: 'progress' }>, 'type'>;

export interface EngineRunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineProgress) => void;
  /** More folders that the child may read: the bundle's, its packages' and the inputs'. */
  readonly readable: readonly string[];
}

const STDERR_KEPT = 8_192;

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

    let ended: EngineOutcome | undefined;
    const end = (outcome: EngineOutcome): void => {
      ended ??= outcome;
      child.kill('SIGKILL');
    };
    const { runTimeoutSeconds, runMemoryMb } = this.settings;
    const timer = setTimeout(
      () => end({ kind: 'failed', error: runErrors.timedOut(runTimeoutSeconds) }),
      runTimeoutSeconds * 1000,
    );
    const stopMemoryWatch = watchMemory(child.pid, runMemoryMb, () =>
      end({ kind: 'failed', error: runErrors.outOfMemory(runMemoryMb) }),
    );
    const stopParentWatch = killWithParent(child.pid);
    const onAbort = (): void => end({ kind: 'aborted' });
    options.signal.addEventListener('abort', onAbort, { once: true });

    let answer: EngineMessage | undefined;
    let stderr = '';
    child.stderr?.setEncoding('latin1').on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_KEPT)));
    child.on('message', (message) => {
      const parsed = engineMessage.safeParse(message);
      if (!parsed.success) return end(this.crashed('sent an answer that is none'));
      if (parsed.data.type !== 'progress') return void (answer ??= parsed.data);
      const { type: _type, ...progress } = parsed.data;
      options.onProgress(progress);
    });
    // Its last message may still be on the way when its exit is already known.
    const disconnected = new Promise<void>((resolve) => child.once('disconnect', resolve));
    const closed = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal })),
    );
    child.once('exit', stopParentWatch);
    // So that the engine can say which step needs too much, before the process dies of it.
    const maxHeldBytes = holdableBytes(runMemoryMb * 2 ** 20);
    child.send({ ...task, limits: { maxHeldBytes, ...task.limits } } satisfies EngineTask, () => undefined);

    const { code, signal } = await closed;
    await disconnected;
    clearTimeout(timer);
    stopMemoryWatch();
    options.signal.removeEventListener('abort', onAbort);
    return ended ?? this.judge(answer, code, signal, stderr);
  }

  private start(task: EngineTask, { readable }: EngineRunOptions): ChildProcess {
    const { entry } = this.program;
    return fork(entry, [], {
      // Nothing of ours, credentials above all. The time zone is fixed so that a date does not depend on the machine.
      env: { TZ: 'UTC' },
      execArgv: engineFlags(entry, { read: readable, write: [task.outputDirectory] }, this.settings.runMemoryMb),
      cwd: task.outputDirectory,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  }

  /** What a child's end means that was not of our making. */
  private judge(
    answer: EngineMessage | undefined,
    code: number | null,
    signal: NodeJS.Signals | null,
    stderr: string,
  ): EngineOutcome {
    if (answer?.type === 'succeeded') {
      const { type: _type, ...result } = answer;
      return { kind: 'succeeded', ...result };
    }
    if (answer?.type === 'failed') {
      return { kind: 'failed', error: runErrors.ofEngine(answer.code, answer.detail, answer.file, answer.line) };
    }
    if (answer?.type === 'broken') {
      if (isDiskErrno(answer.errno)) return { kind: 'interrupted', interruption: 'worker_storage_full' };
      return this.crashed(`failed (${answer.errno ?? 'no code'}):\n${answer.stack}`);
    }
    if (/heap out of memory|Array buffer allocation failed/.test(stderr)) {
      return { kind: 'failed', error: runErrors.outOfMemory(this.settings.runMemoryMb) };
    }
    if (signal === 'SIGKILL' || signal === 'SIGTERM') return { kind: 'interrupted', interruption: 'engine_killed' };
    return this.crashed(`ended without an answer (status ${code}, signal ${signal})`);
  }

  private crashed(how: string): EngineOutcome {
    this.logger.error(`The engine's process ${how}`);
    return { kind: 'failed', error: runErrors.engineCrashed() };
  }
}
