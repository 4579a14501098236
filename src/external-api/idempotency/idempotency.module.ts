import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseModule } from '../../platform/database/database.module';
import { IdempotencyKey } from './idempotency-key.entity';
import { Idempotency } from './idempotency.service';

@Module({
  imports: [DatabaseModule, TypeOrmModule.forFeature([IdempotencyKey])],
  providers: [Idempotency],
  exports: [Idempotency],
})
export class IdempotencyModule {}
