import type { WebhookAccess } from '../../webhooks/webhook-endpoints.service';
import { requireClient } from '../auth/client-access';
import type { Principal } from '../auth/principal';

/** Whose webhook endpoints a caller sees: its own client's, for the partners of its token. */
export const webhookAccessOf = (principal: Principal): WebhookAccess => ({
  ...requireClient(principal),
  partners: principal.partners,
});
