import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../support/wait';

const SUPPORT = join(__dirname, '../support');
/** Ends the program when this process ends, however that happens. */
const END_WITH_PARENT = join(__dirname, '../bench/report-usage.js');
/** As an orchestrator waits before it starts a program again that ended by itself. */
const BACK_OFF_MS = 500;
const READY_MS = 60_000;

export interface ManagedProgram {
  readonly name: string;
  /** Built JavaScript, or TypeScript of the tests. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Answers anything at all when the program serves. */
  readonly readyUrl: string;
  /** Modules that are loaded before it. */
  readonly preload?: readonly string[];
  /** Gets what all its starts print. */
  readonly logFile: string;
}

/** A program that is started again whenever it ends, as an orchestrator does, until it is stopped. */
export class ManagedProcess {
  private child: ChildProcess | undefined;
  private wanted = true;
  private killed = false;
  private served = false;
  /** How often it ended by itself after it had served. */
  crashes = 0;

  private constructor(private readonly options: ManagedProgram) {
    this.spawn();
  }

  get name(): string {
    return this.options.name;
  }

  static async start(options: ManagedProgram): Promise<ManagedProcess> {
    const started = new ManagedProcess(options);
    await started.whenReady();
    return started;
  }

  /** kill -9; it is started again at once. */
  kill(): void {
    this.killed = true;
    this.child?.kill('SIGKILL');
  }

  /** Stops it in its tracks for a while, as a machine does that swaps. Killed meanwhile, it is started again as ever. */
  async pause(ms: number): Promise<void> {
    const { child } = this;
    child?.kill('SIGSTOP');
    await delay(ms);
    child?.kill('SIGCONT');
  }

  /** kill -9, and nothing answers at its address until `resume`. */
  async takeAway(): Promise<void> {
    this.wanted = false;
    await this.end('SIGKILL');
  }

  async resume(): Promise<void> {
    this.wanted = true;
    this.spawn();
    await this.whenReady();
  }

  async stop(): Promise<void> {
    this.wanted = false;
    await this.end('SIGTERM');
  }

  /** @throws Error where it does not serve within a minute. */
  async whenReady(): Promise<void> {
    await waitFor(() => this.served, { deadlineMs: READY_MS });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    this.killed = true;
    child.kill(signal);
    await exited;
  }

  private spawn(): void {
    const { program, environment, preload = [], logFile } = this.options;
    const typescript = program.endsWith('.ts') ? [join(SUPPORT, 'typescript-register.js')] : [];
    const log = openSync(logFile, 'a', 0o600);
    const child = fork(program, {
      env: { PATH: process.env.PATH ?? '', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...environment },
      execArgv: [END_WITH_PARENT, ...typescript, ...preload].flatMap((module) => ['-r', module]),
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child = child;
    this.killed = false;
    this.served = false;
    child.once('exit', () => void this.startAgain());
    void this.watchUntilServing(child);
  }

  private async startAgain(): Promise<void> {
    if (this.wanted && !this.killed) {
      if (this.served) this.crashes += 1;
      await delay(BACK_OFF_MS);
    }
    if (this.wanted) this.spawn();
  }

  private async watchUntilServing(child: ChildProcess): Promise<void> {
    while (this.child === child && child.exitCode === null && child.signalCode === null) {
      const answered = await fetch(this.options.readyUrl, { signal: AbortSignal.timeout(5_000) }).then(
        () => true,
        () => false,
      );
      if (answered && this.child === child) return void (this.served = true);
      await delay(100);
    }
  }
}
