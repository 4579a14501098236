import { Module } from '@nestjs/common';
import { BundleSnapshotsModule } from '../bundles/bundle-snapshots.module';
import { FilesModule } from '../files/files.module';
import { RunsModule } from '../jobs/runs.module';
import { QueueModule } from '../platform/queue/queue.module';
import { EngineProcess } from './engine-process';
import { EngineProgram } from './engine-program';
import { ExecuteRun } from './execute-run';
import { RunFiles } from './run-files';
import { RunMetrics } from './run-metrics';
import { RunWorker } from './run-worker';

/** Makes the process that loads it a worker. */
@Module({
  imports: [QueueModule, RunsModule, FilesModule, BundleSnapshotsModule],
  providers: [RunWorker, ExecuteRun, RunFiles, RunMetrics, EngineProcess, EngineProgram],
  exports: [RunWorker],
})
export class RunnerModule {}
