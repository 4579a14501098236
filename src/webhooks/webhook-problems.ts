import { Problem } from '../platform/problem/problem';
import type { CreateWebhookEndpointResult } from './create-webhook-endpoint';
import type {
  DeleteWebhookEndpointResult,
  GetWebhookEndpointResult,
  ListWebhookDeliveriesResult,
  RedeliverWebhookResult,
  RotateWebhookSecretResult,
  TestWebhookEndpointResult,
  UpdateWebhookEndpointResult,
} from './webhook-endpoints.service';

type Result =
  | CreateWebhookEndpointResult
  | GetWebhookEndpointResult
  | UpdateWebhookEndpointResult
  | DeleteWebhookEndpointResult
  | RotateWebhookSecretResult
  | TestWebhookEndpointResult
  | ListWebhookDeliveriesResult
  | RedeliverWebhookResult;
type Success = 'created' | 'found' | 'updated' | 'deleted' | 'rotated' | 'queued';

/** The outcomes that are no success, as problems: the same for every front. */
export function webhookProblem(result: Exclude<Result, { kind: Success }>): Problem {
  switch (result.kind) {
    case 'webhook_endpoint_not_found':
      return webhookEndpointNotFound();
    case 'webhook_delivery_not_found':
      return webhookDeliveryNotFound();
    case 'webhook_url_not_allowed':
      return new Problem(result.kind, `/url: ${result.reason}.`, {
        errors: [{ pointer: '/url', code: result.kind, detail: result.reason }],
      });
    case 'partner_not_found':
      return new Problem(result.kind, '/partner: There is no such partner.', {
        errors: [{ pointer: '/partner', code: result.kind, detail: 'There is no such partner.' }],
      });
    case 'too_many_webhook_endpoints':
      return new Problem(result.kind, `A client may have ${result.limit} endpoints. Delete one that is no longer needed.`);
    default:
      return result satisfies never;
  }
}

/** One and the same for an endpoint that does not exist, that is somebody else's, and for a uid that is none. */
export const webhookEndpointNotFound = (): Problem =>
  new Problem('webhook_endpoint_not_found', 'There is no such webhook endpoint for this caller.');

export const webhookDeliveryNotFound = (): Problem =>
  new Problem('webhook_delivery_not_found', 'The endpoint has no such delivery, or it is no longer in the log.');
