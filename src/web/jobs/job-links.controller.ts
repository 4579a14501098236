import { Body, Controller, HttpCode, Post, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { JobLinksService } from '../../jobs/job-links.service';
import { jobLinksProblem, jobNotFound } from '../../jobs/job-problems';
import { EmptyBodyDto } from '../../platform/http/dto/empty-body.dto';
import { ApiUid, JobUid } from '../../platform/http/uid.decorator';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { CurrentTenant, type PathTenant } from '../auth/current.decorator';
import { TenantAccess } from '../auth/web-access.decorator';
import { ApiEmptyBody } from '../empty-body.decorator';
import { ApiTenantPath, TENANT_PATH } from '../tenant-path.decorator';
import { JobLinksDto } from './dto/job-links.dto';
import { jobAccess } from './job-access';

@ApiTags('Jobs')
@ApiTenantPath()
@Controller({ path: `${TENANT_PATH}/jobs`, version: VERSION_NEUTRAL })
export class TenantJobLinksController {
  constructor(private readonly links: JobLinksService) {}

  @TenantAccess()
  @ApiOperation({
    summary: 'Make links to the input files',
    description: "A short-lived URL for each file, in the version that the job's runs read. Whoever has the URL has the file.",
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 200, description: 'A link for each file, by env_var.', type: JobLinksDto })
  @ApiProblems('job_not_found', 'job_not_started', 'input_files_removed', 'storage_unavailable')
  @Post(':uid/input-links')
  @HttpCode(200)
  async createInputLinks(
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<JobLinksDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.links.inputs(uid, jobAccess(tenant));
    if (result.kind !== 'found') throw jobLinksProblem(result);
    return JobLinksDto.from(result);
  }

  @TenantAccess()
  @ApiOperation({
    summary: 'Make links to the output files',
    description: 'A short-lived URL for each file of the newest output set. Whoever has the URL has the file.',
  })
  @ApiUid('The job.')
  @ApiEmptyBody()
  @ApiResponse({ status: 200, description: 'A link for each file, by its name.', type: JobLinksDto })
  @ApiProblems('job_not_found', 'output_set_not_found', 'output_files_removed', 'storage_unavailable')
  @Post(':uid/output-links')
  @HttpCode(200)
  async createOutputLinks(
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
  ): Promise<JobLinksDto> {
    if (uid === null) throw jobNotFound();
    const result = await this.links.outputs(uid, jobAccess(tenant));
    if (result.kind !== 'found') throw jobLinksProblem(result);
    return JobLinksDto.from(result);
  }
}
