import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BundlesModule } from '../bundles/bundles.module';
import { FilesModule } from '../files/files.module';
import { DatabaseModule } from '../platform/database/database.module';
import { QueueModule } from '../platform/queue/queue.module';
import { ApiClientsService } from './api-clients.service';
import { CancelJob } from './cancel-job';
import { CreateJob } from './create-job';
import { JobEvent } from './entities/job-event.entity';
import { JobFile } from './entities/job-file.entity';
import { Job } from './entities/job.entity';
import { ObjectRemoval } from './entities/object-removal.entity';
import { JobNote } from './entities/job-note.entity';
import { OutputFile } from './entities/output-file.entity';
import { OutputSet } from './entities/output-set.entity';
import { Run } from './entities/run.entity';
import { JobEventFeed } from './job-event-feed';
import { JobEventService } from './job-event.service';
import { JobLinksService } from './job-links.service';
import { JobNotesService } from './job-notes.service';
import { JobService } from './job.service';
import { OpenStreams } from './open-streams';
import { OutputSetService } from './output-set.service';
import { QueueMetrics } from './queue-metrics';
import { RenewUploadUrls } from './renew-upload-urls';
import { ResolveJob } from './resolve-job';
import { RetryJob } from './retry-job';
import { StartJob } from './start-job';
import { TenantChangeFeed } from './tenant-change-feed';
import { TenantChangesService } from './tenant-changes.service';
import { TenantJobsService } from './tenant-jobs.service';
import { UploadInParts } from './upload-in-parts';

@Module({
  imports: [
    DatabaseModule,
    TypeOrmModule.forFeature([Job, JobFile, Run, JobEvent, JobNote, OutputSet, OutputFile, ObjectRemoval]),
    QueueModule,
    FilesModule,
    BundlesModule,
  ],
  providers: [
    JobService,
    CreateJob,
    RenewUploadUrls,
    StartJob,
    CancelJob,
    RetryJob,
    ResolveJob,
    JobNotesService,
    JobLinksService,
    TenantJobsService,
    TenantChangesService,
    TenantChangeFeed,
    OpenStreams,
    OutputSetService,
    JobEventService,
    JobEventFeed,
    UploadInParts,
    QueueMetrics,
    ApiClientsService,
  ],
  exports: [
    JobService,
    OutputSetService,
    JobEventService,
    UploadInParts,
    JobNotesService,
    JobLinksService,
    TenantJobsService,
    TenantChangesService,
    ApiClientsService,
  ],
})
export class JobsModule {}
