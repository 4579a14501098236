import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/files.module';
import { BundleSnapshot } from './bundle-snapshot.entity';
import { BundleSnapshots } from './bundle-snapshots';

/** What a worker needs of bundles: their stored versions, not the registry. */
@Module({
  imports: [TypeOrmModule.forFeature([BundleSnapshot]), FilesModule],
  providers: [BundleSnapshots],
  exports: [BundleSnapshots],
})
export class BundleSnapshotsModule {}
