import { Module } from '@nestjs/common';
import { JobsModule } from '../../jobs/jobs.module';
import { WebAuthModule } from '../auth/web-auth.module';
import { UploadsController } from './uploads.controller';

@Module({ imports: [JobsModule, WebAuthModule], controllers: [UploadsController] })
export class WebUploadsModule {}
