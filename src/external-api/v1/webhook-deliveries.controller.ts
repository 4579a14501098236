import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Alongside } from '../../platform/database/alongside';
import { EmptyBodyDto } from '../../platform/http/dto/empty-body.dto';
import { ApiUid, ResourceUid } from '../../platform/http/uid.decorator';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { nextPageLink } from '../../platform/paging/next-page-link';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import {
  WebhookEndpointsService,
  type QueuedWebhook,
  type RedeliverWebhookResult,
  type TestWebhookEndpointResult,
  type WebhookAccess,
} from '../../webhooks/webhook-endpoints.service';
import { webhookDeliveryNotFound, webhookEndpointNotFound, webhookProblem } from '../../webhooks/webhook-problems';
import type { Principal } from '../auth/principal';
import { CurrentPrincipal } from '../auth/principal.decorator';
import { RequireScope } from '../auth/scopes.decorator';
import { Idempotency, keepAs, type RepeatableRequest } from '../idempotency/idempotency.service';
import { ApiIdempotencyKey, Repeatable } from '../idempotency/repeatable.decorator';
import {
  ListWebhookDeliveriesDto,
  WebhookDeliveryDto,
  WebhookDeliveryListDto,
  WebhookDeliveryQueuedDto,
} from './dto/webhook-delivery.dto';
import { webhookAccessOf } from './webhook-access';

@ApiTags('Webhooks')
@Controller({ path: 'webhook-endpoints/:uid', version: '1' })
export class WebhookDeliveriesController {
  constructor(
    private readonly webhooks: WebhookEndpointsService,
    private readonly cursors: Cursors,
    private readonly idempotency: Idempotency,
  ) {}

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({
    summary: 'Test a webhook endpoint',
    description: 'Sends `webhook.test` to it, once, also while it is disabled. How it went is in its deliveries.',
  })
  @ApiUid('The endpoint.')
  @ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } })
  @ApiResponse({ status: 202, description: 'The delivery is queued.', type: WebhookDeliveryQueuedDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'webhook_endpoint_not_found', 'payload_too_large')
  @ApiProblems('unsupported_media_type', 'database_unavailable')
  @ApiIdempotencyKey()
  @Post('test')
  @HttpCode(202)
  async testWebhookEndpoint(
    @CurrentPrincipal() principal: Principal,
    @ResourceUid() uid: string | null,
    @Body() _body: EmptyBodyDto,
    @Repeatable() request: RepeatableRequest,
  ): Promise<WebhookDeliveryQueuedDto> {
    if (uid === null) throw webhookEndpointNotFound();
    const access = webhookAccessOf(principal);
    return this.queueOnce(request, access, uid, (alongside) => this.webhooks.test(access, uid, alongside));
  }

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({
    summary: "List a webhook endpoint's deliveries",
    description:
      'The log, newest first: what was sent, when, and how it was answered. It goes back 30 days, unless set otherwise.',
  })
  @ApiUid('The endpoint.')
  @ApiResponse({
    status: 200,
    description: 'A page of deliveries.',
    type: WebhookDeliveryListDto,
    headers: { Link: { description: 'The next page, while there is one.', schema: { type: 'string' } } },
  })
  @ApiProblems('invalid_request', 'invalid_cursor', 'webhook_endpoint_not_found', 'database_unavailable')
  @Get('deliveries')
  async listWebhookDeliveries(
    @CurrentPrincipal() principal: Principal,
    @ResourceUid() uid: string | null,
    @Query() query: ListWebhookDeliveriesDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookDeliveryListDto> {
    if (uid === null) throw webhookEndpointNotFound();
    const { status, cursor, pageSize } = query;
    const access = webhookAccessOf(principal);
    const scope: CursorScope = { list: 'webhook-deliveries', issuer: access.issuer, caller: access.clientId, uid, status };
    const position = this.cursors.position(cursor, scope);
    const result = await this.webhooks.listDeliveries(access, uid, status ?? null, position, pageSize);
    if (result.kind !== 'found') throw webhookProblem(result);
    const { page } = result;
    const nextCursor = page.position === null ? null : this.cursors.encode(page.position, scope);
    if (nextCursor !== null) response.setHeader('Link', nextPageLink(request, nextCursor));
    return { items: page.items.map((item) => WebhookDeliveryDto.from(item)), nextCursor, hasMore: nextCursor !== null };
  }

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({
    summary: 'Deliver a message again',
    description: 'In a delivery of its own with retries of its own, under the same `webhook-id`, by which a receiver knows it.',
  })
  @ApiUid('The endpoint.')
  @ApiUid('The delivery.', 'deliveryUid')
  @ApiBody({ type: EmptyBodyDto, required: false, examples: { empty: { value: {} } } })
  @ApiResponse({ status: 202, description: 'The delivery is queued.', type: WebhookDeliveryQueuedDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'webhook_endpoint_not_found', 'webhook_delivery_not_found')
  @ApiProblems('payload_too_large', 'unsupported_media_type', 'database_unavailable')
  @ApiIdempotencyKey()
  @Post('deliveries/:deliveryUid/redeliver')
  @HttpCode(202)
  async redeliverWebhook(
    @CurrentPrincipal() principal: Principal,
    @ResourceUid() uid: string | null,
    @ResourceUid('deliveryUid') deliveryUid: string | null,
    @Body() _body: EmptyBodyDto,
    @Repeatable() request: RepeatableRequest,
  ): Promise<WebhookDeliveryQueuedDto> {
    if (uid === null) throw webhookEndpointNotFound();
    if (deliveryUid === null) throw webhookDeliveryNotFound();
    const access = webhookAccessOf(principal);
    return this.queueOnce(request, access, uid, (alongside) => this.webhooks.redeliver(access, uid, deliveryUid, alongside));
  }

  private queueOnce(
    request: RepeatableRequest,
    access: WebhookAccess,
    uid: string,
    queue: (alongside: Alongside<QueuedWebhook> | undefined) => Promise<TestWebhookEndpointResult | RedeliverWebhookResult>,
  ): Promise<WebhookDeliveryQueuedDto> {
    return this.idempotency.once<WebhookDeliveryQueuedDto, WebhookDeliveryQueuedDto>(request, {
      first: async (keep) => {
        const result = await queue(keepAs(keep, ({ deliveryUid }) => ({ uid: deliveryUid })));
        if (result.kind !== 'queued') throw webhookProblem(result);
        return { uid: result.deliveryUid };
      },
      again: async (kept) => {
        const endpoint = await this.webhooks.get(access, uid);
        if (endpoint.kind !== 'found') throw webhookProblem(endpoint);
        return kept;
      },
    });
  }
}
