import { Controller, Get, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { validate } from 'uuid';
import { JobEventService } from '../../jobs/job-event.service';
import type { JobEventView } from '../../jobs/job-events';
import { jobNotFound } from '../../jobs/job-problems';
import { PageQueryDto } from '../../platform/http/dto/page-query.dto';
import { closedSignal, comment, encodeEventStream, eventStreamAnswer } from '../../platform/http/event-stream';
import { ApiUid, JobUid } from '../../platform/http/uid.decorator';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { nextPageLink } from '../../platform/paging/next-page-link';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { Problem } from '../../platform/problem/problem';
import type { Principal } from '../auth/principal';
import { CurrentPrincipal } from '../auth/principal.decorator';
import { RequireScope } from '../auth/scopes.decorator';
import { JobEventDto, JobEventListDto } from './dto/job-event.dto';

const EVENT_STREAM = 'text/event-stream';
/** Also where the token lives longer, so that streams move to new processes some time. */
const MAX_STREAM_MS = 3_600_000;
const TOO_MANY_RETRY_SECONDS = '30';

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
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'For a stream: the `uid` of the last event that you have.' })
  @ApiExtraModels(JobEventListDto)
  @ApiResponse({
    status: 200,
    description: 'A page of events, or the stream.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(JobEventListDto) } },
      [EVENT_STREAM]: {
        schema: { type: 'string' },
        example:
          'id: 019ab6c3-1f42-7d0a-8a3e-5c6b7d8e9f00\nevent: job.queued\n' +
          'data: {"uid":"019ab6c3-1f42-7d0a-8a3e-5c6b7d8e9f00","type":"job.queued","at":"2026-01-12T09:31:07.412Z","data":{}}\n\n',
      },
    },
    headers: { Link: { description: 'The next page, while there is one.', schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 204, description: 'The job has ended, and nothing follows `Last-Event-ID`.' })
  @ApiProblems('invalid_request', 'invalid_cursor', 'job_not_found', 'too_many_streams', 'database_unavailable')
  @Get(':uid/events')
  async listJobEvents(
    @CurrentPrincipal() principal: Principal,
    @JobUid() uid: string | null,
    @Query() query: PageQueryDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobEventListDto | StreamableFile | undefined> {
    if (uid === null) throw jobNotFound();
    return request.accepts(['application/json', EVENT_STREAM]) === EVENT_STREAM
      ? this.follow(uid, principal, query, request, response)
      : this.list(uid, principal, query, request, response);
  }

  private async list(
    uid: string,
    principal: Principal,
    query: PageQueryDto,
    request: Request,
    response: Response,
  ): Promise<JobEventListDto> {
    const scope: CursorScope = { list: 'job-events', issuer: principal.issuer, client: principal.clientId, job: uid };
    const page = await this.events.list(uid, principal, this.cursors.position(query.cursor, scope), query.pageSize);
    if (page.kind !== 'found') throw jobNotFound();
    const nextCursor = this.cursors.encode(page.position, scope);
    if (page.hasMore) response.setHeader('Link', nextPageLink(request, nextCursor));
    return { items: page.items.map((event) => JobEventDto.from(event)), nextCursor, hasMore: page.hasMore };
  }

  private async follow(
    uid: string,
    principal: Principal,
    query: PageQueryDto,
    request: Request,
    response: Response,
  ): Promise<StreamableFile | undefined> {
    refusePaging(query);
    const after = request.get('Last-Event-ID') ?? null;
    if (after !== null && !validate(after)) throw unknownEvent();
    const timeUp = AbortSignal.timeout(Math.min(MAX_STREAM_MS, Math.max(0, principal.expiresAt.getTime() - Date.now())));
    const signal = AbortSignal.any([closedSignal(response), timeUp]);
    const result = await this.events.follow(uid, principal, { after, reader: readerOf(principal), signal });
    switch (result.kind) {
      case 'following':
        return eventStreamAnswer(response, frames(result.batches, timeUp));
      case 'nothing_follows':
        response.status(204);
        return undefined;
      case 'job_not_found':
        throw jobNotFound();
      case 'event_not_found':
        throw unknownEvent();
      case 'too_many_streams':
        throw new Problem(result.kind, 'Too many event streams are open. End some of them, or ask for the list.', {
          headers: { 'Retry-After': TOO_MANY_RETRY_SECONDS },
        });
      default:
        return result satisfies never;
    }
  }
}

async function* frames(batches: AsyncIterable<readonly JobEventView[]>, timeUp: AbortSignal): AsyncGenerator<string> {
  yield* encodeEventStream(toServerSentEvents(batches));
  if (timeUp.aborted) yield comment('the time of this stream or of its token is over; go on with Last-Event-ID and a good token');
}

async function* toServerSentEvents(batches: AsyncIterable<readonly JobEventView[]>) {
  for await (const batch of batches)
    yield batch.map((event) => ({ id: event.uid, event: event.type, data: JobEventDto.from(event) }));
}

/** A token that names no client counts for its subject. */
const readerOf = ({ issuer, clientId, subject }: Principal): string => JSON.stringify([issuer, clientId, clientId ?? subject]);

function refusePaging({ limit, cursor }: PageQueryDto): void {
  const detail = 'is for the list; a stream goes on after the header Last-Event-ID';
  const errors = Object.entries({ limit, cursor })
    .filter(([, value]) => value !== undefined)
    .map(([parameter]) => ({ parameter, code: 'invalid_request' as const, detail }));
  if (errors[0]) throw new Problem('invalid_request', `${errors[0].parameter} ${detail}.`, { errors });
}

function unknownEvent(): Problem {
  const detail = "is not the uid of one of this job's events";
  return new Problem('invalid_request', `Last-Event-ID ${detail}; leave it out to get all of them.`, {
    errors: [{ header: 'Last-Event-ID', code: 'invalid_request', detail }],
  });
}
