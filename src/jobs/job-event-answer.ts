import { applyDecorators, type StreamableFile, type Type } from '@nestjs/common';
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
import type { JobEventDto, JobEventListDto } from './dto/job-event.dto';
import type { JobEventService } from './job-event.service';
import type { JobEventView } from './job-events';
import { jobNotFound, tooManyStreams } from './job-problems';

/** How both fronts answer to who asks for a job's events: with a page of the list, or live. */

const EVENT_STREAM = 'text/event-stream';
/** Also where the reader may read for longer, so that streams move to new processes some time. */
const MAX_STREAM_MS = 3_600_000;

export interface JobEventsAsked<Event extends JobEventDto> {
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
  /** As this front shows an event. */
  readonly toDto: (event: JobEventView) => Event;
}

type EventList<Event extends JobEventDto> = JobEventListDto & { items: Event[] };

/** @throws Problem */
export async function answerWithJobEvents<Event extends JobEventDto>(
  { events, cursors }: { events: JobEventService; cursors: Cursors },
  asked: JobEventsAsked<Event>,
  request: Request,
  response: Response,
): Promise<EventList<Event> | StreamableFile | undefined> {
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

type Asked<Event extends JobEventDto> = JobEventsAsked<Event> & { readonly uid: string };

async function list<Event extends JobEventDto>(
  events: JobEventService,
  cursors: Cursors,
  { uid, access, query, scope, toDto }: Asked<Event>,
  request: Request,
  response: Response,
): Promise<EventList<Event>> {
  const page = await events.list(uid, access, cursors.position(query.cursor, scope), query.pageSize);
  if (page.kind !== 'found') throw jobNotFound();
  const nextCursor = cursors.encode(page.position, scope);
  if (page.hasMore) response.setHeader('Link', nextPageLink(request, nextCursor));
  return { items: page.items.map(toDto), nextCursor, hasMore: page.hasMore };
}

async function follow(
  events: JobEventService,
  { uid, access, query, reader, ended, toDto }: Asked<JobEventDto>,
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
      return eventStreamAnswer(response, frames(toServerSentEvents(result.batches, toDto), timeUp));
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

async function* frames(batches: ReturnType<typeof toServerSentEvents>, timeUp: AbortSignal): AsyncGenerator<string> {
  yield* encodeEventStream(batches);
  if (timeUp.aborted) yield comment('the time of this stream or of who reads it is over; go on with Last-Event-ID');
}

async function* toServerSentEvents(batches: AsyncIterable<readonly JobEventView[]>, toDto: Asked<JobEventDto>['toDto']) {
  for await (const batch of batches) yield batch.map((event) => ({ id: event.uid, event: event.type, data: toDto(event) }));
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

/** Documents the answers. @param list of the events as this front shows them. */
export const ApiJobEventsAnswer = (list: Type<JobEventListDto>): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'For a stream: the `uid` of the last event that you have.',
    }),
    ApiExtraModels(list),
    ApiResponse({
      status: 200,
      description: 'A page of events, or the stream.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(list) } },
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
