import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  cancelJobProblem,
  createJobProblem,
  jobNotFound,
  renewUploadUrlsProblem,
  retryJobProblem,
  startJobProblem,
} from '../../jobs/job-problems';
import { JobService } from '../../jobs/job.service';
import { EmptyBodyDto } from '../../platform/http/dto/empty-body.dto';
import { ApiUid, JobUid } from '../../platform/http/uid.decorator';
import { addLogFields } from '../../platform/logging/request-log';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { requirePartner } from '../auth/partner-access';
import type { Principal } from '../auth/principal';
import { CurrentPrincipal } from '../auth/principal.decorator';
import { RequireScope } from '../auth/scopes.decorator';
import { Idempotency, keepAs, type Keep, type RepeatableRequest } from '../idempotency/idempotency.service';
import { ApiIdempotencyKey, Repeatable } from '../idempotency/repeatable.decorator';
import { CreateJobDto } from './dto/create-job.dto';
import { JobCancelledDto, JobRetriedDto } from '../../jobs/dto/job-changed.dto';
import { JobCreatedDto, KeptJob } from './dto/job-created.dto';
import { JobStartedDto } from '../../jobs/dto/job-started.dto';
import { JobDto } from './dto/job.dto';
import { UploadUrlsDto } from './dto/upload-urls.dto';
import { clientOf } from './client-of';

@ApiTags('Jobs')
@Controller({ path: 'jobs', version: '1' })
export class JobsController {
  constructor(
    private readonly jobs: JobService,
    private readonly idempotency: Idempotency,
  ) {}

  @RequireScope('create:jobs', { client: true })
  @ApiOperation({
    summary: 'Create a job',
    description:
      'Checks everything that can be checked before the files are there, and answers with a presigned URL for each file.',
  })
  @ApiResponse({
    status: 201,
    description: 'The job waits for its files.',
    type: JobCreatedDto,
    headers: { Location: { description: "The job's path.", schema: { type: 'string' } } },
  })
  @ApiProblems(
    'malformed_json',
    'invalid_request',
    'unknown_field',
    'partner_not_found',
    'tenant_not_found',
    'school_year_not_enabled',
  )
  @ApiProblems(
    'bundle_not_found',
    'missing_required_params',
    'invalid_param_values',
    'unexpected_params',
    'missing_required_files',
  )
  @ApiProblems('unexpected_files', 'invalid_file_name', 'unsupported_file_type', 'partner_not_allowed', 'payload_too_large')
  @ApiProblems('unsupported_media_type', 'storage_unavailable', 'database_unavailable', 'bundle_registry_unavailable')
  @ApiProblems('too_many_open_jobs')
  @ApiIdempotencyKey()
  @Post()
  async createJob(
    @CurrentPrincipal() principal: Principal,
    @Body() body: CreateJobDto,
    @Repeatable() request: RepeatableRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobCreatedDto> {
    requirePartner(principal, body.partner, { pointer: '/partner' });
    const command = body.toCommand(clientOf(principal));
    const answer = await this.idempotency.once<JobCreatedDto, KeptJob>(request, {
      first: async (keep) => {
        const result = await this.jobs.createJob(
          command,
          keepAs(keep, (job) => KeptJob.from(job)),
        );
        if (result.kind !== 'created') throw createJobProblem(result);
        return JobCreatedDto.from(result);
      },
      again: async ({ uid, expiresAt }) => {
        const renewed = await this.jobs.renewUploadUrls(uid, principal);
        // A job that no longer waits for its files takes none: an upload could only spoil a run, or be left over.
        const uploads = renewed.kind === 'renewed' ? renewed.uploads : new Map<string, never>();
        return JobCreatedDto.from({ uid, expiresAt: new Date(expiresAt), uploads });
      },
    });
    addLogFields({ jobUid: answer.uid });
    response.location(`/v1/jobs/${answer.uid}`);
    return answer;
  }

  @RequireScope('create:jobs', { client: true })
  @ApiOperation({
    summary: 'Renew the upload URLs',
    description:
      "A presigned URL for each file of a job that is not started yet, as in the answer of its creation. None outlives the job's `expiresAt`.",
  })
  @ApiUid('The job.')
  @ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } })
  @ApiResponse({ status: 200, description: 'A URL for each file.', type: UploadUrlsDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'job_not_found')
  @ApiProblems('job_already_started', 'job_cancelled', 'job_expired', 'payload_too_large')
  @ApiProblems('unsupported_media_type', 'storage_unavailable', 'database_unavailable')
  @ApiIdempotencyKey()
  @Post(':uid/upload-urls')
  @HttpCode(200)
  async renewUploadUrls(
    @CurrentPrincipal() principal: Principal,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
    @Repeatable() request: RepeatableRequest,
  ): Promise<UploadUrlsDto> {
    if (uid === null) throw jobNotFound();
    return this.idempotency.anew(request, async () => {
      const result = await this.jobs.renewUploadUrls(uid, principal);
      if (result.kind !== 'renewed') throw renewUploadUrlsProblem(result);
      return UploadUrlsDto.from(result);
    });
  }

  @RequireScope('create:jobs', { client: true })
  @ApiOperation({
    summary: 'Start a job',
    description:
      'Looks every file up, pins the versions found, and queues a run over exactly those. Of parallel calls one succeeds.',
  })
  @ApiUid('The job.')
  @ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } })
  @ApiResponse({ status: 202, description: 'The run is queued.', type: JobStartedDto })
  @ApiProblems(
    'malformed_json',
    'invalid_request',
    'unknown_field',
    'job_not_found',
    'files_missing',
    'files_empty',
    'file_too_large',
    'job_already_started',
    'job_cancelled',
    'job_expired',
    'payload_too_large',
    'unsupported_media_type',
    'storage_unavailable',
    'database_unavailable',
  )
  @ApiIdempotencyKey()
  @Post(':uid/start')
  @HttpCode(202)
  async startJob(
    @CurrentPrincipal() principal: Principal,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
    @Repeatable() request: RepeatableRequest,
  ): Promise<JobStartedDto> {
    if (uid === null) throw jobNotFound();
    return this.once<JobStartedDto>(request, uid, principal, async (keep) => {
      const result = await this.jobs.startJob(uid, principal, { alongside: keepAs(keep, (job) => JobStartedDto.from(job)) });
      if (result.kind !== 'started') throw startJobProblem(result);
      return JobStartedDto.from(result);
    });
  }

  @RequireScope('create:jobs', { client: true })
  @ApiOperation({
    summary: 'Cancel a job',
    description:
      'Ends a job that has not ended. A run that is under way stops within seconds, and from the answer on the job will not succeed.',
  })
  @ApiUid('The job.')
  @ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } })
  @ApiResponse({ status: 202, description: 'The job is cancelled.', type: JobCancelledDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'job_not_found', 'job_finished')
  @ApiProblems('payload_too_large', 'unsupported_media_type', 'database_unavailable')
  @ApiIdempotencyKey()
  @Post(':uid/cancel')
  @HttpCode(202)
  async cancelJob(
    @CurrentPrincipal() principal: Principal,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
    @Repeatable() request: RepeatableRequest,
  ): Promise<JobCancelledDto> {
    if (uid === null) throw jobNotFound();
    return this.once<JobCancelledDto>(request, uid, principal, async (keep) => {
      const result = await this.jobs.cancelJob(uid, principal, { alongside: keepAs(keep, (job) => JobCancelledDto.from(job)) });
      if (result.kind !== 'cancelled') throw cancelJobProblem(result);
      return JobCancelledDto.from(result);
    });
  }

  @RequireScope('create:jobs', { client: true })
  @ApiOperation({
    summary: 'Retry a job',
    description:
      'Queues another run of a job that failed or was cancelled, over the same files and with the same version of the bundle. Of parallel calls one succeeds.',
  })
  @ApiUid('The job.')
  @ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } })
  @ApiResponse({ status: 202, description: 'The run is queued.', type: JobRetriedDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'job_not_found', 'job_not_retryable', 'too_many_open_jobs')
  @ApiProblems('payload_too_large', 'unsupported_media_type', 'database_unavailable')
  @ApiIdempotencyKey()
  @Post(':uid/retry')
  @HttpCode(202)
  async retryJob(
    @CurrentPrincipal() principal: Principal,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
    @Repeatable() request: RepeatableRequest,
  ): Promise<JobRetriedDto> {
    if (uid === null) throw jobNotFound();
    return this.once<JobRetriedDto>(request, uid, principal, async (keep) => {
      const result = await this.jobs.retryJob(uid, principal, { alongside: keepAs(keep, (job) => JobRetriedDto.from(job)) });
      if (result.kind !== 'queued') throw retryJobProblem(result);
      return JobRetriedDto.from(result);
    });
  }

  @RequireScope('read:jobs')
  @ApiOperation({ summary: 'Get a job', description: 'Its status, files, runs and, where it failed, why.' })
  @ApiUid('The job.')
  @ApiResponse({ status: 200, description: 'The job.', type: JobDto })
  @ApiProblems('job_not_found', 'database_unavailable')
  @Get(':uid')
  async getJob(@CurrentPrincipal() principal: Principal, @JobUid() uid: string | null): Promise<JobDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.jobs.getJob(uid, principal);
    if (result.kind !== 'found') throw jobNotFound();
    return JobDto.from(result.job);
  }

  /** A change of one job: its answer is repeated as it was, unless the token has lost the job's partner since. */
  private once<Answer extends object>(
    request: RepeatableRequest,
    uid: string,
    principal: Principal,
    first: (keep: Keep<Answer> | undefined) => Promise<Answer>,
  ): Promise<Answer> {
    return this.idempotency.once<Answer, Answer>(request, {
      first,
      again: async (answer) => {
        const result = await this.jobs.getJob(uid, principal);
        if (result.kind !== 'found') throw jobNotFound();
        return answer;
      },
    });
  }
}
