import type { TenantNews } from '../../jobs/tenant-watch';
import type { ServerSentEvent } from '../../platform/http/event-stream';

/** The news of a tenant's jobs as the page reads them. */
export async function* toServerSentEvents(news: AsyncIterable<TenantNews>): AsyncGenerator<ServerSentEvent[]> {
  for await (const each of news)
    yield each.kind === 'reset'
      ? [{ event: 'reset', data: {} }]
      : each.jobs.map(({ uid, status }) => ({ event: 'job', data: { uid, status } }));
}
