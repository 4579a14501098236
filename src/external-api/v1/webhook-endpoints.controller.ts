import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiUid, ResourceUid } from '../../platform/http/uid.decorator';
import { Cursors, type CursorScope } from '../../platform/paging/cursors';
import { nextPageLink } from '../../platform/paging/next-page-link';
import { ApiProblems } from '../../platform/problem/api-problems.decorator';
import { WebhookEndpointsService } from '../../webhooks/webhook-endpoints.service';
import { webhookEndpointNotFound, webhookProblem } from '../../webhooks/webhook-problems';
import { requirePartner } from '../auth/partner-access';
import type { Principal } from '../auth/principal';
import { CurrentPrincipal } from '../auth/principal.decorator';
import { RequireScope } from '../auth/scopes.decorator';
import { Idempotency, keepAs, type RepeatableRequest } from '../idempotency/idempotency.service';
import { ApiIdempotencyKey, Repeatable } from '../idempotency/repeatable.decorator';
import {
  CreateWebhookEndpointDto,
  KeptWebhookEndpoint,
  KeptWebhookSecret,
  ListWebhookEndpointsDto,
  RotateWebhookSecretDto,
  UpdateWebhookEndpointDto,
  WebhookEndpointCreatedDto,
  WebhookEndpointDto,
  WebhookEndpointListDto,
  WebhookSecretDto,
} from './dto/webhook-endpoint.dto';
import { webhookAccessOf } from './webhook-access';

@ApiTags('Webhooks')
@Controller({ path: 'webhook-endpoints', version: '1' })
export class WebhookEndpointsController {
  constructor(
    private readonly webhooks: WebhookEndpointsService,
    private readonly cursors: Cursors,
    private readonly idempotency: Idempotency,
  ) {}

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({
    summary: 'Create a webhook endpoint',
    description:
      "From then on the ends of all of the partner's jobs are posted to the URL, signed by Standard Webhooks with the secret that is shown here once. The endpoint belongs to the token's client, which may have 20.",
  })
  @ApiResponse({
    status: 201,
    description: 'The endpoint, with its secret.',
    type: WebhookEndpointCreatedDto,
    headers: { Location: { description: "The endpoint's path.", schema: { type: 'string' } } },
  })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'webhook_url_not_allowed', 'partner_not_found')
  @ApiProblems('partner_not_allowed', 'too_many_webhook_endpoints', 'payload_too_large', 'unsupported_media_type')
  @ApiProblems('database_unavailable')
  @ApiIdempotencyKey()
  @Post()
  async createWebhookEndpoint(
    @CurrentPrincipal() principal: Principal,
    @Body() body: CreateWebhookEndpointDto,
    @Repeatable() request: RepeatableRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookEndpointCreatedDto> {
    requirePartner(principal, body.partner, { pointer: '/partner' });
    const answer = await this.idempotency.once<WebhookEndpointCreatedDto, KeptWebhookEndpoint>(request, {
      first: async (keep) => {
        const alongside = keepAs(keep, KeptWebhookEndpoint.from);
        const result = await this.webhooks.createEndpoint(webhookAccessOf(principal), body.toCommand(), alongside);
        if (result.kind !== 'created') throw webhookProblem(result);
        return { ...WebhookEndpointDto.from(result.endpoint), secret: result.secret };
      },
      again: async ({ endpoint, stored }) => ({ ...endpoint, secret: this.webhooks.revealSecret(stored) }),
    });
    response.location(`/v1/webhook-endpoints/${answer.uid}`);
    return answer;
  }

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({ summary: 'List webhook endpoints', description: "Those of the token's client and partners, oldest first." })
  @ApiResponse({
    status: 200,
    description: 'A page of endpoints.',
    type: WebhookEndpointListDto,
    headers: { Link: { description: 'The next page, while there is one.', schema: { type: 'string' } } },
  })
  @ApiProblems('invalid_request', 'invalid_cursor', 'partner_not_allowed', 'database_unavailable')
  @Get()
  async listWebhookEndpoints(
    @CurrentPrincipal() principal: Principal,
    @Query() query: ListWebhookEndpointsDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookEndpointListDto> {
    const { partner, cursor, pageSize } = query;
    if (partner !== undefined) requirePartner(principal, partner, { parameter: 'partner' });
    const access = webhookAccessOf(principal);
    const scope: CursorScope = { list: 'webhook-endpoints', issuer: access.issuer, caller: access.clientId, partner };
    const page = await this.webhooks.list(access, partner ?? null, this.cursors.position(cursor, scope), pageSize);
    const nextCursor = page.position === null ? null : this.cursors.encode(page.position, scope);
    if (nextCursor !== null) response.setHeader('Link', nextPageLink(request, nextCursor));
    return { items: page.items.map((item) => WebhookEndpointDto.from(item)), nextCursor, hasMore: nextCursor !== null };
  }

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({ summary: 'Get a webhook endpoint', description: 'Without its secret.' })
  @ApiUid('The endpoint.')
  @ApiResponse({ status: 200, description: 'The endpoint.', type: WebhookEndpointDto })
  @ApiProblems('webhook_endpoint_not_found', 'database_unavailable')
  @Get(':uid')
  async getWebhookEndpoint(
    @CurrentPrincipal() principal: Principal,
    @ResourceUid() uid: string | null,
  ): Promise<WebhookEndpointDto> {
    if (uid === null) throw webhookEndpointNotFound();
    const result = await this.webhooks.get(webhookAccessOf(principal), uid);
    if (result.kind !== 'found') throw webhookProblem(result);
    return WebhookEndpointDto.from(result.endpoint);
  }

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({ summary: 'Change a webhook endpoint', description: 'Its URL, its events, or whether it is enabled.' })
  @ApiUid('The endpoint.')
  @ApiResponse({ status: 200, description: 'The endpoint after the change.', type: WebhookEndpointDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'webhook_url_not_allowed', 'webhook_endpoint_not_found')
  @ApiProblems('payload_too_large', 'unsupported_media_type', 'database_unavailable')
  @Patch(':uid')
  async updateWebhookEndpoint(
    @CurrentPrincipal() principal: Principal,
    @ResourceUid() uid: string | null,
    @Body() body: UpdateWebhookEndpointDto,
  ): Promise<WebhookEndpointDto> {
    if (uid === null) throw webhookEndpointNotFound();
    const result = await this.webhooks.update(webhookAccessOf(principal), uid, body.toChanges());
    if (result.kind !== 'updated') throw webhookProblem(result);
    return WebhookEndpointDto.from(result.endpoint);
  }

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({ summary: 'Delete a webhook endpoint', description: 'What waits to be delivered to it is not sent.' })
  @ApiUid('The endpoint.')
  @ApiResponse({ status: 204, description: 'It is deleted, with its secrets.' })
  @ApiProblems('webhook_endpoint_not_found', 'database_unavailable')
  @Delete(':uid')
  @HttpCode(204)
  async deleteWebhookEndpoint(@CurrentPrincipal() principal: Principal, @ResourceUid() uid: string | null): Promise<void> {
    if (uid === null) throw webhookEndpointNotFound();
    const result = await this.webhooks.delete(webhookAccessOf(principal), uid);
    if (result.kind !== 'deleted') throw webhookProblem(result);
  }

  @RequireScope('manage:webhooks', { client: true })
  @ApiOperation({
    summary: "Replace a webhook endpoint's secret",
    description:
      'Until the grace period is over each message has a signature of both, so a receiver that knows either can verify it. Several replacements within one are fine, up to five secrets.',
  })
  @ApiUid('The endpoint.')
  @ApiBody({ type: RotateWebhookSecretDto, required: false })
  @ApiResponse({ status: 200, description: 'The new secret.', type: WebhookSecretDto })
  @ApiProblems('malformed_json', 'invalid_request', 'unknown_field', 'webhook_endpoint_not_found', 'payload_too_large')
  @ApiProblems('unsupported_media_type', 'database_unavailable')
  @ApiIdempotencyKey()
  @Post(':uid/rotate-secret')
  @HttpCode(200)
  async rotateWebhookSecret(
    @CurrentPrincipal() principal: Principal,
    @ResourceUid() uid: string | null,
    @Body() body: RotateWebhookSecretDto,
    @Repeatable() request: RepeatableRequest,
  ): Promise<WebhookSecretDto> {
    if (uid === null) throw webhookEndpointNotFound();
    const access = webhookAccessOf(principal);
    return this.idempotency.once<WebhookSecretDto, KeptWebhookSecret>(request, {
      first: async (keep) => {
        const alongside = keepAs(keep, KeptWebhookSecret.from);
        const result = await this.webhooks.rotateSecret(access, uid, body.graceSeconds, alongside);
        if (result.kind !== 'rotated') throw webhookProblem(result);
        return { secret: result.secret, previousSecretExpiresAt: result.previousSecretExpiresAt.toISOString() };
      },
      again: async ({ stored, previousSecretExpiresAt }) => {
        const endpoint = await this.webhooks.get(access, uid);
        if (endpoint.kind !== 'found') throw webhookProblem(endpoint);
        return { secret: this.webhooks.revealSecret(stored), previousSecretExpiresAt };
      },
    });
  }
}
