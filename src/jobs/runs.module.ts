import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module';
import { QueueModule } from '../platform/queue/queue.module';
import { RunsService } from './runs.service';

/** The part of the core that workers need: no registry, no web. */
@Module({ imports: [DatabaseModule, QueueModule], providers: [RunsService], exports: [RunsService] })
export class RunsModule {}
