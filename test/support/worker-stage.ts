import { Logger, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import * as path from 'node:path';
import { ConfigModule } from '../../src/platform/config/config.module';
import { MetricsModule } from '../../src/platform/metrics/metrics.module';
import { EngineProgram } from '../../src/runner/engine-program';
import { RunnerModule } from '../../src/runner/runner.module';
import type { RunRow } from './factories';
import { buildTestPrograms } from './programs';
import { RunScene } from './run-scene';
import { waitFor } from './wait';

export interface WatchedStore {
  /** What it was asked, as `PUT /bucket/key`. */
  requests: string[];
  /** What it refuses now. */
  refused: (method: string, url: string) => boolean;
}

/** Workers over a run scene of their own, whose engine does what a test's script says. */
export class WorkerStage {
  private readonly workers: INestApplicationContext[] = [];

  private constructor(
    readonly scene: RunScene,
    readonly store: WatchedStore,
    private readonly entry: string,
    /** Where workers have their folders. */
    readonly scratch: string,
  ) {}

  static async set(): Promise<WorkerStage> {
    const entry = path.join(await buildTestPrograms(), 'main.engine-child.js');
    const scratch = await mkdtemp(path.join(os.tmpdir(), 'slipway-worker-test-'));
    jest.spyOn(os, 'tmpdir').mockReturnValue(scratch);
    const store: WatchedStore = { requests: [], refused: () => false };
    const scene = await RunScene.set({
      directory: path.join(scratch, 's3'),
      intercept: (request, response) => {
        store.requests.push(`${request.method} ${request.url}`);
        if (!store.refused(request.method ?? '', request.url ?? '')) return false;
        response.writeHead(503).end();
        return true;
      },
    });
    return new WorkerStage(scene, store, entry, scratch);
  }

  async startWorker(settings: Record<string, string> = {}): Promise<INestApplicationContext> {
    const imports = [ConfigModule.forRoot(this.scene.config(settings)), MetricsModule, RunnerModule];
    const program = { entry: this.entry };
    const testing = await Test.createTestingModule({ imports }).overrideProvider(EngineProgram).useValue(program).compile();
    // What goes wrong here goes wrong on purpose.
    Logger.overrideLogger(false);
    await testing.init();
    this.workers.push(testing);
    return testing;
  }

  /** After each test: no worker, no message, and a store that answers. */
  async reset(): Promise<void> {
    this.store.refused = () => false;
    this.store.requests = [];
    await Promise.all(this.workers.splice(0).map((worker) => worker.close()));
    await this.scene.db.query(`DELETE FROM pgboss.job`);
  }

  async clear(): Promise<void> {
    await this.scene.clear();
    await rm(this.scratch, { recursive: true, force: true });
    jest.restoreAllMocks();
  }

  /** Until nothing of a run is stored, whole or in part. A removal that takes long goes on after the run's end. */
  async untilNothingIsStoredOf({ job }: RunRow): Promise<void> {
    await waitFor(
      async () => (await this.scene.listKeys(`outputs/${job.uid}/`)).length === 0 && this.unfinishedUploads().length === 0,
    );
  }

  unfinishedUploads(): string[] {
    return readdirSync(path.join(this.scratch, 's3/buckets', this.scene.s3.bucket, 'uploads'));
  }

  /** Those of runs. */
  scratchFolders(): string[] {
    return readdirSync(this.scratch).filter((name) => name.startsWith('slipway-run-'));
  }
}
