import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { JobService } from '../../jobs/job.service';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { nextPageLink } from '../../platform/paging/next-page-link';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { requireClient } from '../auth/client-access';
import { requirePartner } from '../auth/partner-access';
import type { Principal } from '../auth/principal';
import { CurrentPrincipal } from '../auth/principal.decorator';
import { RequireScope } from '../auth/scopes.decorator';
import { JobListDto, JobSummaryDto } from './dto/job.dto';
import { ListJobsDto } from './dto/list-jobs.dto';

@ApiTags('Jobs')
@Controller({ path: 'jobs', version: '1' })
export class ListJobsController {
  constructor(
    private readonly jobs: JobService,
    private readonly cursors: Cursors,
  ) {}

  @RequireScope('read:jobs')
  @ApiOperation({
    summary: 'List jobs',
    description:
      "Newest first: those of the token's partners, made through this API or on the web page. Jobs that are added while you go through the pages neither repeat nor hide any.",
  })
  @ApiResponse({
    status: 200,
    description: 'A page of jobs.',
    type: JobListDto,
    headers: { Link: { description: 'The next page, while there is one.', schema: { type: 'string' } } },
  })
  @ApiProblems('invalid_request', 'invalid_cursor', 'partner_not_allowed', 'client_missing', 'database_unavailable')
  @Get()
  async listJobs(
    @CurrentPrincipal() principal: Principal,
    @Query() query: ListJobsDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobListDto> {
    const { partner } = query;
    if (partner !== undefined) requirePartner(principal, partner, { parameter: 'partner' });
    const access = partner === undefined ? principal : { partners: [partner] };
    const filter = { ...query.toFilter(), client: query.createdBy === undefined ? undefined : requireClient(principal) };
    const scope: CursorScope = { list: 'jobs', issuer: principal.issuer, caller: principal.clientId, partner, ...filter };
    const page = await this.jobs.listJobs(access, filter, this.cursors.position(query.cursor, scope), query.pageSize);
    const nextCursor = page.position === null ? null : this.cursors.encode(page.position, scope);
    if (nextCursor !== null) response.setHeader('Link', nextPageLink(request, nextCursor));
    return { items: page.items.map((job) => JobSummaryDto.from(job)), nextCursor, hasMore: nextCursor !== null };
  }
}
