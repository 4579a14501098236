import { applyDecorators, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { validate } from 'uuid';
import type { PageQueryDto } from '../platform/http/dto/page-query.dto';
import { closedSignal, comment, encodeEventStream, eventStreamAnswer } from '../platform/http/event-stream';
import { nextPageLink } from '../platform/paging/next-page-link';
import type { Cursors, CursorScope } from '../platform/paging/cursors';
import { ApiProblems } from '../platform/problem/api-problems.decorator';
import { Problem } from '../platform/problem/problem';
import type { JobAccess } from './commands';
import { JobEventDto, JobEventListDto } from './dto/job-event.dto';
import type { JobEventService } from './job-event.service';
import type { JobEventView } from './job-events';
import { jobNotFound, tooManyStreams } from './job-problems';

/** How both fronts answer to who asks for a job's events: with a page of the list, or live. */

const EVENT_STREAM = 'text/event-stream';
/** Also where the reader may read for longer, so that streams move to new processes some time. */
const MAX_STREAM_MS = 3_600_000;

export interface JobEventsAsked {
  /** null: it is no UUID. */
  readonly uid: string | null;
  readonly access: JobAccess;
  readonly query: PageQueryDto;
  /** For whom a cursor of the list is good. */
  readonly scope: CursorScope;
  /** Whose streams are counted together. */
  readonly reader: string;
  /** Aborts when the reader may no longer read. */
  readonly ended: AbortSignal;
}

/** @throws Problem */
export async function answerWithJobEvents(
  { events, cursors }: { events: JobEventService; cursors: Cursors },
  asked: JobEventsAsked,
  request: Request,
  response: Response,
): Promise<JobEventListDto | StreamableFile | undefined> {
  const { uid } = asked;
  if (uid === null) throw jobNotFound();
  return request.accepts(['application/json', EVENT_STREAM]) === EVENT_STREAM
    ? follow(events, { ...asked, uid }, request, response)
    : list(events, cursors, { ...asked, uid }, request, response);
}

/** Ends a stream when the reader is gone or may no longer read, and after an hour. `timeUp` tells the first from the others. */
export function streamSignals(response: Response, ended: AbortSignal): { timeUp: AbortSignal; signal: AbortSignal } {
  const timeUp = AbortSignal.any([AbortSignal.timeout(MAX_STREAM_MS), ended]);
  return { timeUp, signal: AbortSignal.any([closedSignal(response), timeUp]) };
}

type Asked = JobEventsAsked & { readonly uid: string };

async function list(
  events: JobEventService,
  cursors: Cursors,
  { uid, access, query, scope }: Asked,
  request: Request,
  response: Response,
): Promise<JobEventListDto> {
  const page = await events.list(uid, access, cursors.position(query.cursor, scope), query.pageSize);
  if (page.kind !== 'found') throw jobNotFound();
  const nextCursor = cursors.encode(page.position, scope);
  if (page.hasMore) response.setHeader('Link', nextPageLink(request, nextCursor));
  return { items: page.items.map((event) => JobEventDto.from(event)), nextCursor, hasMore: page.hasMore };
}

async function follow(
  events: JobEventService,
  { uid, access, query, reader, ended }: Asked,
  request: Request,
  response: Response,
): Promise<StreamableFile | undefined> {
  refusePaging(query);
  const after = request.get('Last-Event-ID') ?? null;
  if (after !== null && !validate(after)) throw unknownEvent();
  const { timeUp, signal } = streamSignals(response, ended);
  const result = await events.follow(uid, access, { after, reader, signal });
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
      throw tooManyStreams();
    default:
      return result satisfies never;
  }
}

async function* frames(batches: AsyncIterable<readonly JobEventView[]>, timeUp: AbortSignal): AsyncGenerator<string> {
  yield* encodeEventStream(toServerSentEvents(batches));
  if (timeUp.aborted) yield comment('the time of this stream or of who reads it is over; go on with Last-Event-ID');
}

async function* toServerSentEvents(batches: AsyncIterable<readonly JobEventView[]>) {
  for await (const batch of batches)
    yield batch.map((event) => ({ id: event.uid, event: event.type, data: JobEventDto.from(event) }));
}

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

/** Documents the answers. */
export const ApiJobEventsAnswer = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'For a stream: the `uid` of the last event that you have.',
    }),
    ApiExtraModels(JobEventListDto),
    ApiResponse({
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
    }),
    ApiResponse({ status: 204, description: 'The job has ended, and nothing follows `Last-Event-ID`.' }),
    ApiProblems('invalid_request', 'invalid_cursor', 'job_not_found', 'too_many_streams'),
  );
