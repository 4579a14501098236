import { Body, Controller, Delete, Get, HttpCode, Param, Post, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { jobNotFound, uploadInPartsProblem } from '../../jobs/job-problems';
import { UploadInParts } from '../../jobs/upload-in-parts';
import { EmptyBodyDto } from '../../platform/http/dto/empty-body.dto';
import { ApiUid, JobUid } from '../../platform/http/uid.decorator';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { CurrentTenant, type PathTenant } from '../auth/current.decorator';
import { TenantAccess } from '../auth/web-access.decorator';
import { ApiBodyProblems, ApiEmptyBody } from '../empty-body.decorator';
import { ApiTenantPath, TENANT_PATH } from '../tenant-path.decorator';
import { PartUrlsDto, SignPartsDto, UploadBegunDto, UploadedPartsDto } from './dto/multipart-upload.dto';
import { jobAccess } from './job-access';
import { ApiUploadId, UploadId } from './upload-id.decorator';

/** Uploads of large files in parts, which go on where they were after a pause, a dropped connection or a reload of the page. */
@ApiTags('Uploads')
@ApiTenantPath()
@Controller({ path: `${TENANT_PATH}/jobs/:uid/uploads/:file/multipart`, version: VERSION_NEUTRAL })
@ApiParam({ name: 'file', description: "The bundle's env_var of the file.", example: 'INPUT_FILE' })
export class UploadsController {
  constructor(private readonly uploads: UploadInParts) {}

  @TenantAccess()
  @ApiOperation({
    summary: 'Begin an upload in parts',
    description:
      'Of a file whose size was given when the job was created. One of the same file that was begun before is given up.',
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 201, description: 'Its id, and how large its parts are.', type: UploadBegunDto })
  @ApiProblems('job_not_found', 'job_file_not_found', 'upload_in_parts_not_possible')
  @ApiProblems('job_already_started', 'job_cancelled', 'job_expired', 'storage_unavailable')
  @Post()
  async beginUploadInParts(
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Param('file') envVar: string,
    @Body() _body: EmptyBodyDto,
  ): Promise<UploadBegunDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.uploads.begin({ uid, envVar }, jobAccess(tenant));
    if (result.kind !== 'begun') throw uploadInPartsProblem(result);
    return { uploadId: result.uploadId, partSize: result.partSize };
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Sign parts',
    description: 'A presigned URL for each part, which takes exactly the bytes that it has.',
  })
  @ApiUid('The job.')
  @ApiResponse({ status: 200, description: 'A URL for each part.', type: PartUrlsDto })
  @ApiBodyProblems()
  @ApiProblems('job_not_found', 'job_file_not_found', 'upload_not_found', 'upload_in_parts_not_possible')
  @ApiProblems('job_already_started', 'job_cancelled', 'job_expired', 'storage_unavailable')
  @ApiUploadId()
  @Post(':uploadId/parts')
  @HttpCode(200)
  async signParts(
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Param('file') envVar: string,
    @UploadId() uploadId: string,
    @Body() { numbers }: SignPartsDto,
  ): Promise<PartUrlsDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.uploads.signParts({ uid, envVar }, uploadId, numbers, jobAccess(tenant));
    if (result.kind !== 'signed') throw uploadInPartsProblem(result);
    return PartUrlsDto.from(result.urls);
  }

  @TenantAccess()
  @ApiOperation({ summary: 'List the parts that are uploaded', description: 'To go on with those that are missing.' })
  @ApiUid('The job.')
  @ApiResponse({ status: 200, description: 'Those that the store has.', type: UploadedPartsDto })
  @ApiProblems('job_not_found', 'job_file_not_found', 'upload_not_found', 'upload_in_parts_not_possible')
  @ApiProblems('job_already_started', 'job_cancelled', 'job_expired', 'storage_unavailable')
  @ApiUploadId()
  @Get(':uploadId/parts')
  async listParts(
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Param('file') envVar: string,
    @UploadId() uploadId: string,
  ): Promise<UploadedPartsDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.uploads.listParts({ uid, envVar }, uploadId, jobAccess(tenant));
    if (result.kind !== 'listed') throw uploadInPartsProblem(result);
    return UploadedPartsDto.from(result.parts);
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Complete an upload in parts',
    description: 'Makes the file of its parts, once all are uploaded. Safe to repeat.',
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 204, description: 'The file is there.' })
  @ApiProblems('job_not_found', 'job_file_not_found', 'upload_not_found', 'upload_in_parts_not_possible', 'parts_missing')
  @ApiProblems('job_already_started', 'job_cancelled', 'job_expired', 'storage_unavailable')
  @ApiUploadId()
  @Post(':uploadId/complete')
  @HttpCode(204)
  async completeUploadInParts(
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Param('file') envVar: string,
    @UploadId() uploadId: string,
    @Body() _body: EmptyBodyDto,
  ): Promise<void> {
    if (uid === null) throw jobNotFound();
    const result = await this.uploads.complete({ uid, envVar }, uploadId, jobAccess(tenant));
    if (result.kind !== 'completed') throw uploadInPartsProblem(result);
  }

  @TenantAccess()
  @ApiOperation({ summary: 'Give an upload in parts up', description: 'Safe to repeat.' })
  @ApiUid('The job.')
  @ApiResponse({ status: 204, description: 'Its parts are removed.' })
  @ApiProblems('job_not_found', 'job_file_not_found', 'upload_in_parts_not_possible')
  @ApiProblems('job_already_started', 'job_cancelled', 'job_expired', 'storage_unavailable')
  @ApiUploadId()
  @Delete(':uploadId')
  @HttpCode(204)
  async abortUploadInParts(
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Param('file') envVar: string,
    @UploadId() uploadId: string,
  ): Promise<void> {
    if (uid === null) throw jobNotFound();
    const result = await this.uploads.abort({ uid, envVar }, uploadId, jobAccess(tenant));
    if (result.kind !== 'aborted') throw uploadInPartsProblem(result);
  }
}
