import { Module } from '@nestjs/common';
import { ObjectStoreMetrics } from '../platform/object-store/object-store-metrics';
import { FileService } from './file.service';

@Module({ providers: [ObjectStoreMetrics, FileService], exports: [FileService] })
export class FilesModule {}
