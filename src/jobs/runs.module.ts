import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module';
import { DatabaseModule } from '../platform/database/database.module';
import { QueueModule } from '../platform/queue/queue.module';
import { JobMaintenance } from './job-maintenance';
import { RunsService } from './runs.service';

/** The part of the core that workers need: no registry, no web. */
@Module({
  imports: [DatabaseModule, QueueModule, FilesModule],
  providers: [RunsService, JobMaintenance],
  exports: [RunsService, JobMaintenance],
})
export class RunsModule {}
