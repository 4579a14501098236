import { Controller, Get, Query, Req, Res, VERSION_NEUTRAL, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { answerWithJobEvents, ApiJobEventsAnswer } from '../../jobs/job-event-answer';
import type { JobEventView } from '../../jobs/job-events';
import { JobEventService } from '../../jobs/job-event.service';
import { PageQueryDto } from '../../platform/http/dto/page-query.dto';
import { ApiUid, JobUid } from '../../platform/http/uid.decorator';
import { Cursors } from '../../platform/paging/cursors';
import type { WebUser } from '../../tenancy/user-access';
import { AccessWatch } from '../auth/access-watch';
import { CurrentTenant, CurrentUser, type PathTenant } from '../auth/current.decorator';
import { TenantAccess } from '../auth/web-access.decorator';
import { ApiTenantPath, TENANT_PATH } from '../tenant-path.decorator';
import { TenantJobEventDto, TenantJobEventListDto } from './dto/tenant-job-event.dto';
import { jobAccess } from './job-access';

@ApiTags('Jobs')
@ApiTenantPath()
@Controller({ path: `${TENANT_PATH}/jobs`, version: VERSION_NEUTRAL })
export class TenantJobEventsController {
  constructor(
    private readonly events: JobEventService,
    private readonly cursors: Cursors,
    private readonly access: AccessWatch,
  ) {}

  @TenantAccess()
  @ApiOperation({
    summary: "List or follow a job's events",
    description:
      'As in the External API, and who did it: a list of pages, oldest first, or with `Accept: text/event-stream` live, all or ' +
      'what follows `Last-Event-ID`. A stream ends when the job has come to an end, after an hour, and within a minute when the session ends or the user ' +
      'no longer reaches the tenant. A user may have 20 streams.',
  })
  @ApiUid('The job.')
  @ApiJobEventsAnswer(TenantJobEventListDto)
  @Get(':uid/events')
  async listTenantJobEvents(
    @CurrentUser() user: WebUser,
    @CurrentTenant() tenant: PathTenant,
    @JobUid() uid: string | null,
    @Query() query: PageQueryDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TenantJobEventListDto | StreamableFile | undefined> {
    const asked = {
      uid,
      access: jobAccess(tenant),
      query,
      scope: { list: 'job-events', user: user.uid, job: uid },
      reader: user.uid,
      ended: this.access.ended(request, response, tenant),
      toDto: (event: JobEventView) => TenantJobEventDto.from(event),
    };
    return answerWithJobEvents({ events: this.events, cursors: this.cursors }, asked, request, response);
  }
}
