import { Body, Controller, Get, HttpCode, Post, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { BundleCatalog } from '../../bundles/bundle-catalog';
import { JobCancelledDto, JobRetriedDto } from '../../jobs/dto/job-changed.dto';
import { JobStartedDto } from '../../jobs/dto/job-started.dto';
import {
  cancelJobProblem,
  createJobProblem,
  jobNotFound,
  renewUploadUrlsProblem,
  resolveJobProblem,
  retryJobProblem,
  startJobProblem,
} from '../../jobs/job-problems';
import { JobService } from '../../jobs/job.service';
import { TenantJobsService } from '../../jobs/tenant-jobs.service';
import { EmptyBodyDto } from '../../platform/http/dto/empty-body.dto';
import { ApiUid, JobUid } from '../../platform/http/uid.decorator';
import { addLogFields } from '../../platform/logging/request-log';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import type { WebUser } from '../../tenancy/user-access';
import { CurrentTenant, CurrentUser, type PathTenant } from '../auth/current.decorator';
import { TenantAccess } from '../auth/web-access.decorator';
import { ApiBodyProblems, ApiEmptyBody } from '../empty-body.decorator';
import { ApiTenantPath, TENANT_PATH } from '../tenant-path.decorator';
import { CreateTenantJobDto, JobResolutionDto, TenantJobCreatedDto, TenantUploadUrlsDto } from './dto/create-tenant-job.dto';
import { WebJobDto } from './dto/web-job.dto';
import { jobAccess } from './job-access';

@ApiTags('Jobs')
@ApiTenantPath()
@Controller({ path: `${TENANT_PATH}/jobs`, version: VERSION_NEUTRAL })
export class TenantJobsController {
  constructor(
    private readonly jobs: JobService,
    private readonly tenantJobs: TenantJobsService,
    private readonly bundles: BundleCatalog,
  ) {}

  @TenantAccess()
  @ApiOperation({
    summary: 'Create a job',
    description:
      'Checks everything that can be checked before the files are there, as the External API does, and answers with a presigned URL for each file.',
  })
  @ApiResponse({ status: 201, description: 'The job waits for its files.', type: TenantJobCreatedDto })
  @ApiBodyProblems()
  @ApiProblems('partner_not_found', 'tenant_not_found', 'school_year_not_enabled', 'bundle_not_found')
  @ApiProblems('missing_required_params', 'invalid_param_values', 'unexpected_params', 'missing_required_files')
  @ApiProblems('unexpected_files', 'invalid_file_name', 'unsupported_file_type', 'too_many_open_jobs')
  @ApiProblems('storage_unavailable', 'bundle_registry_unavailable')
  @Post()
  async createTenantJob(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @Body() body: CreateTenantJobDto,
  ): Promise<TenantJobCreatedDto> {
    const result = await this.jobs.createJob(body.toCommand(tenant, user));
    if (result.kind !== 'created') throw createJobProblem(result);
    addLogFields({ jobUid: result.uid });
    return TenantJobCreatedDto.from(result);
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Get a job',
    description: 'Whole: its files, runs, outputs, result and notes, and what may be done to it.',
  })
  @ApiUid('The job.')
  @ApiResponse({ status: 200, description: 'The job.', type: WebJobDto })
  @ApiProblems('job_not_found')
  @Get(':uid')
  async getTenantJob(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
  ): Promise<WebJobDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.tenantJobs.get(uid, tenant, user.id);
    if (result.kind !== 'found') throw jobNotFound();
    return WebJobDto.fromView(result.job, this.bundles.displayName(result.job.bundle));
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Renew the upload URLs',
    description: 'A presigned URL for each file of a job that is not started yet.',
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 200, description: 'A URL for each file.', type: TenantUploadUrlsDto })
  @ApiProblems('job_not_found', 'job_already_started', 'job_cancelled', 'job_expired', 'storage_unavailable')
  @Post(':uid/upload-urls')
  @HttpCode(200)
  async renewTenantUploadUrls(
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<TenantUploadUrlsDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.jobs.renewUploadUrls(uid, jobAccess(tenant));
    if (result.kind !== 'renewed') throw renewUploadUrlsProblem(result);
    return TenantUploadUrlsDto.from(result);
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Start a job',
    description:
      'Looks every file up, pins the versions found, and queues a run over exactly those. Of parallel calls one succeeds.',
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 202, description: 'The run is queued.', type: JobStartedDto })
  @ApiProblems('job_not_found', 'files_missing', 'files_empty', 'file_too_large', 'job_already_started', 'job_cancelled')
  @ApiProblems('job_expired', 'storage_unavailable')
  @Post(':uid/start')
  @HttpCode(202)
  async startTenantJob(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<JobStartedDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.jobs.startJob(uid, jobAccess(tenant), { userId: user.id });
    if (result.kind !== 'started') throw startJobProblem(result);
    return JobStartedDto.from(result);
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Cancel a job',
    description: 'Ends a job that has not ended; a run that is under way stops within seconds.',
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 202, description: 'The job is cancelled.', type: JobCancelledDto })
  @ApiProblems('job_not_found', 'job_finished')
  @Post(':uid/cancel')
  @HttpCode(202)
  async cancelTenantJob(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<JobCancelledDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.jobs.cancelJob(uid, jobAccess(tenant), { userId: user.id });
    if (result.kind !== 'cancelled') throw cancelJobProblem(result);
    return JobCancelledDto.from(result);
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Retry a job',
    description:
      'Queues another run of a job that failed or was cancelled, over the same files. A job that was dealt with is open again then.',
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 202, description: 'The run is queued.', type: JobRetriedDto })
  @ApiProblems('job_not_found', 'job_not_retryable', 'too_many_open_jobs')
  @Post(':uid/retry')
  @HttpCode(202)
  async retryTenantJob(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<JobRetriedDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.jobs.retryJob(uid, jobAccess(tenant), { userId: user.id });
    if (result.kind !== 'queued') throw retryJobProblem(result);
    return JobRetriedDto.from(result);
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Mark a failed job as dealt with',
    description: 'One that is marked already stays as it is, with who marked it first.',
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 200, description: 'The job is dealt with.', type: JobResolutionDto })
  @ApiProblems('job_not_found', 'job_not_resolvable')
  @Post(':uid/resolve')
  @HttpCode(200)
  async resolveTenantJob(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<JobResolutionDto> {
    return this.setResolution(uid, tenant, user, true);
  }

  @TenantAccess()
  @ApiOperation({ summary: 'Take the mark off a failed job', description: 'It is open again; one that is open stays as it is.' })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 200, description: 'The job is open.', type: JobResolutionDto })
  @ApiProblems('job_not_found', 'job_not_resolvable')
  @Post(':uid/reopen')
  @HttpCode(200)
  async reopenTenantJob(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<JobResolutionDto> {
    return this.setResolution(uid, tenant, user, false);
  }

  private async setResolution(
    uid: string | null,
    tenant: PathTenant,
    user: WebUser,
    resolved: boolean,
  ): Promise<JobResolutionDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.jobs.resolveJob(uid, jobAccess(tenant), user.id, resolved);
    if (result.kind !== 'done') throw resolveJobProblem(result);
    return JobResolutionDto.from(result);
  }
}
