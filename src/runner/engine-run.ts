import type { Logger } from '@nestjs/common';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { holdableBytes } from '../engine/held/held-memory';
import type { RunCounts, RunError } from '../jobs/run-report';
import type { WorkerSettings } from '../platform/config/settings';
import { isDiskErrno } from './disk-errors';
import { watchMemory } from './engine-memory';
import type { EngineOutcome, EngineProgress, EngineRunOptions } from './engine-process';
import { engineMessage, type EngineMessage, type EngineTask } from './engine-protocol';
import { OUTPUT_FD } from './output-frames';
import { InvalidFrameError, OutputReceiver, RefusedOutputError } from './output-receiver';
import { killWithParent } from './parent-watch';
import { runErrors } from './run-errors';

type Answer = Extract<EngineMessage, { type: 'succeeded' | 'failed' | 'broken' }>;

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const STDERR_KEPT = 8_192;

/** The life of one child of the engine that was just started. */
export class EngineRun {
  private readonly pipe: Readable;
  private readonly receiver: OutputReceiver;
  private readonly stopped: Promise<boolean>;
  private resolveStopped: (isWhole: boolean) => void = () => undefined;
  /** Why it was ended from here. The first reason is the one that counts; what follows from it is not looked at. */
  private reason: EngineOutcome | undefined;
  private outputs: readonly string[] | undefined;
  private progress: EngineProgress | null = null;
  private answer: Answer | undefined;
  private stderr = '';

  constructor(
    private readonly child: ChildProcess,
    private readonly pid: number,
    private readonly options: EngineRunOptions,
    private readonly settings: WorkerSettings,
    private readonly logger: Logger,
  ) {
    this.pipe = child.stdio[OUTPUT_FD] as Readable;
    this.receiver = new OutputReceiver(this.pipe);
    this.stopped = new Promise((resolve) => (this.resolveStopped = resolve));
  }

  /** Gives the child its task and sees it to its end, and what it made into the store. */
  async finish(task: EngineTask): Promise<EngineOutcome> {
    const { child } = this;
    const { signal } = this.options;
    const onAbort = (): void => this.end({ kind: 'aborted' });
    signal.addEventListener('abort', onAbort, { once: true });
    const guards = this.watch();
    child.once('exit', () => guards.forEach((stop) => stop()));
    child.stderr?.setEncoding('latin1').on('data', (text: string) => (this.stderr = (this.stderr + text).slice(-STDERR_KEPT)));
    child.on('message', (message) => this.hear(message));
    // Its last message may still be on the way when its exit is already known.
    const disconnected = new Promise<void>((resolve) => child.once('disconnect', resolve));
    const closed = new Promise<Exit>((resolve) => child.once('close', (code, by) => resolve({ code, signal: by })));
    const received = this.receive();
    // So that the engine can say which step needs too much, before the process dies of it.
    const maxHeldBytes = holdableBytes(this.settings.runMemoryMb * 2 ** 20);
    child.send({ ...task, limits: { maxHeldBytes, ...task.limits } } satisfies EngineTask, () => undefined);

    await disconnected;
    // Frames of outputs that were never named would be waited for in vain.
    if (this.outputs === undefined) this.open([]);
    if (this.answer?.type === 'succeeded') this.options.onTransformed(countsOf(this.answer));
    const exit = await closed;
    const isWhole = this.answer?.type === 'succeeded' && (await Promise.race([received, this.stopped]));
    signal.removeEventListener('abort', onAbort);
    return this.reason ?? this.judge(exit, isWhole);
  }

  /** @returns what ends each watch, to be called as soon as the child has ended. */
  private watch(): readonly (() => void)[] {
    const { runMemoryMb } = this.settings;
    return [
      this.limitTime(this.settings.runTimeoutSeconds),
      watchMemory(this.pid, runMemoryMb, () => this.end(this.failed(runErrors.outOfMemory(runMemoryMb)))),
      killWithParent(this.pid),
    ];
  }

  /** The time that the engine had to wait for the store is not counted: no smaller file would make that shorter. */
  private limitTime(seconds: number): () => void {
    const started = performance.now();
    let timer: NodeJS.Timeout;
    const look = (): void => {
      const left = seconds * 1000 - (performance.now() - started - this.receiver.waitedMs);
      if (left <= 0) this.end(this.failed(runErrors.timedOut(seconds)));
      else timer = setTimeout(look, left);
    };
    look();
    return () => clearTimeout(timer);
  }

  private hear(message: unknown): void {
    const parsed = engineMessage.safeParse(message);
    if (!parsed.success) return this.end(this.crashed('sent a message that is none'));
    const { data } = parsed;
    switch (data.type) {
      case 'outputs':
        return this.open(data.names);
      case 'progress': {
        const { type: _type, ...progress } = data;
        this.progress = progress;
        return this.options.onProgress(progress);
      }
      case 'failed':
      case 'broken':
        this.answer ??= data;
        // It may have to get rid of what it was writing to be able to end.
        this.pipe.destroy();
        return;
      case 'succeeded':
        this.answer ??= data;
        return;
      default:
        return data satisfies never;
    }
  }

  private open(names: readonly string[]): void {
    if (this.outputs !== undefined) return this.end(this.crashed('named its outputs twice'));
    this.outputs = names;
    this.receiver.open(names.map((name) => this.options.openOutput(name)));
  }

  private async receive(): Promise<boolean> {
    try {
      return await this.receiver.receive();
    } catch (error) {
      if (error instanceof InvalidFrameError) this.end(this.crashed(`sent outputs that make no sense: ${error.message}`));
      // When the engine has failed nothing is to be stored any more.
      else if (error instanceof RefusedOutputError && this.answer?.type !== 'failed')
        this.end({ kind: 'outputs_refused', cause: error.cause });
      return false;
    }
  }

  private end(reason: EngineOutcome): void {
    this.reason ??= reason;
    this.child.kill('SIGKILL');
    this.pipe.destroy();
    this.resolveStopped(false);
  }

  /** What a child's end means that was not of our making. */
  private judge({ code, signal }: Exit, isWhole: boolean): EngineOutcome {
    const { answer, outputs = [] } = this;
    if (answer?.type === 'succeeded') {
      if (!isWhole || answer.records.length !== outputs.length) return this.crashed('did not send all outputs');
      const made = outputs.map((name, index) => ({ name, records: answer.records[index] ?? 0 }));
      return { kind: 'succeeded', outputs: made, counts: countsOf(answer) };
    }
    if (answer?.type === 'failed') {
      return this.failed(runErrors.ofEngine(answer.code, answer.detail, answer.file, answer.line), answer.progress);
    }
    if (answer?.type === 'broken') {
      if (isDiskErrno(answer.errno)) return { kind: 'interrupted', interruption: 'worker_storage_full' };
      return this.crashed(`failed (${answer.errno ?? 'no code'}):\n${answer.stack}`);
    }
    if (/heap out of memory|Array buffer allocation failed/.test(this.stderr)) {
      return this.failed(runErrors.outOfMemory(this.settings.runMemoryMb));
    }
    if (signal === 'SIGKILL' || signal === 'SIGTERM') return { kind: 'interrupted', interruption: 'engine_killed' };
    return this.crashed(`ended without an answer (status ${code}, signal ${signal})`);
  }

  private crashed(how: string): EngineOutcome {
    this.logger.error(`The engine's process ${how}`);
    return this.failed(runErrors.engineCrashed());
  }

  private failed(error: RunError, progress: EngineProgress | null = null): EngineOutcome {
    return { kind: 'failed', error, progress: progress ?? this.progress };
  }
}

function countsOf({ rowsRead, rowsWritten, files, skipped, warnings, warningCount }: RunCounts): RunCounts {
  return { rowsRead, rowsWritten, files, skipped, warnings, warningCount };
}
