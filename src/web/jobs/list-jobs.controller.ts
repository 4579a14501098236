import { Controller, Get, Query, Req, Res, VERSION_NEUTRAL, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { BundleCatalog } from '../../bundles/bundle-catalog';
import { streamSignals } from '../../jobs/job-event-answer';
import { tooManyStreams } from '../../jobs/job-problems';
import { TenantChangesService } from '../../jobs/tenant-changes.service';
import { TenantJobsService } from '../../jobs/tenant-jobs.service';
import { encodeEventStream, eventStreamAnswer } from '../../platform/http/event-stream';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { nextPageLink } from '../../platform/paging/next-page-link';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { Problem } from '../../platform/problem/problem';
import type { WebUser } from '../../tenancy/user-access';
import { AccessWatch } from '../auth/access-watch';
import { CurrentTenant, CurrentUser, type PathTenant } from '../auth/current.decorator';
import { TenantAccess } from '../auth/web-access.decorator';
import { ApiTenantPath, TENANT_PATH } from '../tenant-path.decorator';
import { ListTenantJobsDto } from './dto/list-tenant-jobs.dto';
import { JobStatisticsDto, StatisticsQueryDto } from './dto/statistics.dto';
import { WebJobListDto, WebJobSummaryDto } from './dto/web-job-summary.dto';
import { toServerSentEvents } from './tenant-news';

/** Before the controllers with `:uid` in the same place. */
@ApiTags('Jobs')
@ApiTenantPath()
@Controller({ path: `${TENANT_PATH}/jobs`, version: VERSION_NEUTRAL })
export class ListTenantJobsController {
  constructor(
    private readonly jobs: TenantJobsService,
    private readonly changes: TenantChangesService,
    private readonly bundles: BundleCatalog,
    private readonly cursors: Cursors,
    private readonly access: AccessWatch,
  ) {}

  @TenantAccess()
  @ApiOperation({
    summary: "List the tenant's jobs",
    description:
      'Those made here and through the External API. Jobs that are added while you go through the pages of `-createdAt` neither repeat ' +
      'nor hide any; by its end a job may move while you do.',
  })
  @ApiResponse({
    status: 200,
    description: 'A page of jobs.',
    type: WebJobListDto,
    headers: { Link: { description: 'The next page, while there is one.', schema: { type: 'string' } } },
  })
  @ApiProblems('invalid_request', 'invalid_cursor')
  @Get()
  async listTenantJobs(
    @CurrentUser() user: WebUser,
    @CurrentTenant() { partner, tenant }: PathTenant,
    @Query() query: ListTenantJobsDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebJobListDto> {
    const filter = query.toFilter();
    const sort = query.sort ?? '-createdAt';
    const scope: CursorScope = { list: 'tenant-jobs', user: user.uid, partner, tenant, sort, ...filter };
    const position = this.cursors.position(query.cursor, scope);
    const page = await this.jobs.list({ partner, tenant }, filter, sort, position, query.pageSize);
    const nextCursor = page.position === null ? null : this.cursors.encode(page.position, scope);
    if (nextCursor !== null) response.setHeader('Link', nextPageLink(request, nextCursor));
    const items = page.items.map((job) => WebJobSummaryDto.from(job, this.bundles.displayName(job.bundle)));
    return { items, nextCursor, hasMore: nextCursor !== null };
  }

  @TenantAccess()
  @ApiOperation({
    summary: "Count the tenant's jobs by day",
    description: 'How many were submitted, succeeded and failed on each of the last days.',
  })
  @ApiResponse({ status: 200, description: 'The days.', type: JobStatisticsDto })
  @ApiProblems('invalid_request')
  @Get('statistics')
  async getJobStatistics(@CurrentTenant() tenant: PathTenant, @Query() query: StatisticsQueryDto): Promise<JobStatisticsDto> {
    const result = await this.jobs.countByDay(tenant, query.dayCount, query.zone);
    switch (result.kind) {
      case 'counted':
        return JobStatisticsDto.from(result.days);
      case 'time_zone_unknown':
        throw unknownTimeZone();
      default:
        return result satisfies never;
    }
  }

  @TenantAccess()
  @ApiOperation({
    summary: "Follow the changes of the tenant's jobs",
    description:
      'Server-sent events: `job` whenever a job of the tenant was made or has changed (a change that follows at once may be told with it), ' +
      'and `reset` when so much may have changed that all should be asked for anew. There is no history: ask for the list once the stream ' +
      'is open. It ends after an hour, and within a minute when the session ends or the user no longer reaches the tenant. A user may have ' +
      '20 streams, and one that does not read is cut off.',
  })
  @ApiResponse({
    status: 200,
    description: 'The stream.',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example:
          'event: job\ndata: {"uid":"019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11","status":"running"}\n\nevent: reset\ndata: {}\n\n',
      },
    },
  })
  @ApiProblems('too_many_streams')
  @Get('changes')
  async followTenantJobs(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const { signal } = streamSignals(response, this.access.ended(request, response, tenant));
    const result = await this.changes.follow(tenant, user.uid, signal);
    switch (result.kind) {
      case 'following':
        return eventStreamAnswer(response, encodeEventStream(toServerSentEvents(result.news)));
      case 'tenant_not_found':
        throw new Problem('tenant_not_found', 'There is no such tenant that this user may reach.', { inPath: true });
      case 'too_many_streams':
        throw tooManyStreams();
      default:
        return result satisfies never;
    }
  }
}

function unknownTimeZone(): Problem {
  const detail = 'is not the name of a time zone';
  return new Problem('invalid_request', `timeZone ${detail}.`, {
    errors: [{ parameter: 'timeZone', code: 'invalid_request', detail }],
  });
}
