import { Controller, Get, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { JobEventDto, JobEventListDto } from '../../jobs/dto/job-event.dto';
import type { JobEventView } from '../../jobs/job-events';
import { answerWithJobEvents, ApiJobEventsAnswer } from '../../jobs/job-event-answer';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { JobEventService } from '../../jobs/job-event.service';
import { PageQueryDto } from '../../platform/http/dto/page-query.dto';
import { ApiUid, JobUid } from '../../platform/http/uid.decorator';
import { Cursors } from '../../platform/paging/cursors';
import type { Principal } from '../auth/principal';
import { CurrentPrincipal } from '../auth/principal.decorator';
import { RequireScope } from '../auth/scopes.decorator';

@ApiTags('Jobs')
@Controller({ path: 'jobs', version: '1' })
export class JobEventsController {
  constructor(
    private readonly events: JobEventService,
    private readonly cursors: Cursors,
  ) {}

  @RequireScope('read:jobs')
  @ApiOperation({
    summary: "List or follow a job's events",
    description:
      'Oldest first, as a list of pages; `nextCursor` is given at the end too.\n\n' +
      'With `Accept: text/event-stream` live: all events, or those after `Last-Event-ID`, as server-sent events whose `data` is one ' +
      'item of the list. A stream ends when the job has come to an end, after an hour, and with its token; connect again with ' +
      '`Last-Event-ID` to go on without a gap. Once the job has ended and nothing follows that event, the answer is 204: stop asking. ' +
      'A client may have 20 streams, and one that does not read is cut off.',
  })
  @ApiUid('The job.')
  @ApiJobEventsAnswer(JobEventListDto)
  @ApiProblems('database_unavailable')
  @Get(':uid/events')
  async listJobEvents(
    @CurrentPrincipal() principal: Principal,
    @JobUid() uid: string | null,
    @Query() query: PageQueryDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobEventListDto | StreamableFile | undefined> {
    const { issuer, clientId, subject, partners, expiresAt } = principal;
    const asked = {
      uid,
      access: { partners },
      query,
      scope: { list: 'job-events', issuer, client: clientId, job: uid },
      // A token that names no client counts for its subject.
      reader: JSON.stringify([issuer, clientId, clientId ?? subject]),
      ended: AbortSignal.timeout(Math.min(MAX_TIMER_MS, Math.max(0, expiresAt.getTime() - Date.now()))),
      toDto: (event: JobEventView) => JobEventDto.from(event),
    };
    return answerWithJobEvents({ events: this.events, cursors: this.cursors }, asked, request, response);
  }
}

/** Node's timers reach no further; a token may. */
const MAX_TIMER_MS = 2 ** 31 - 1;
