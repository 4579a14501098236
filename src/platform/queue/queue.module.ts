import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { RunConsumer } from './run-consumer';
import { RunQueue } from './run-queue';

@Module({ imports: [DatabaseModule], providers: [RunQueue, RunConsumer], exports: [RunQueue, RunConsumer] })
export class QueueModule {}
