import { Module } from '@nestjs/common';
import { BundleCatalog } from './bundle-catalog';
import { BundleRegistryService } from './bundle-registry.service';
import { BundleSnapshotsModule } from './bundle-snapshots.module';

/** What a front needs of bundles. A worker imports `BundleSnapshotsModule` alone, so that it reads no registry. */
@Module({
  imports: [BundleSnapshotsModule],
  providers: [BundleRegistryService, BundleCatalog],
  exports: [BundleRegistryService, BundleCatalog, BundleSnapshotsModule],
})
export class BundlesModule {}
