import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQueryDto } from '../../../platform/http/dto/page-query.dto';
import type { WebhookDeliveryView } from '../../../webhooks/webhook-endpoints.service';
import {
  TEST_EVENT_TYPE,
  WEBHOOK_DELIVERY_STATUSES,
  WEBHOOK_ERROR_CODES,
  WEBHOOK_EVENT_TYPES,
  type WebhookDeliveryStatus,
  type WebhookErrorCode,
  type WebhookEventType,
  type WebhookPayload,
} from '../../../webhooks/webhook-events';

/** Why a job failed, without the detail; get the job for that. */
export class WebhookJobErrorDto {
  @ApiProperty({ example: 'column_missing' })
  code: string;

  @ApiProperty({ example: 'A column is missing' })
  title: string;
}

/** A job that has ended. */
export class WebhookJobDto {
  @ApiProperty({ format: 'uuid', example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  jobUid: string;

  @ApiProperty({ example: 'demo' })
  partner: string;

  @ApiProperty({ example: 'north' })
  tenant: string;

  @ApiProperty({ example: 'assessments/Harbor_Reading' })
  bundle: string;

  @ApiProperty({ example: '2026' })
  schoolYear: string;

  @ApiProperty({ enum: ['succeeded', 'failed', 'cancelled', 'expired'], example: 'succeeded' })
  status: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:31:08.100Z' })
  finishedAt: string;

  /** null where the job has not failed. */
  @ApiProperty({ type: WebhookJobErrorDto, nullable: true, example: null })
  error: WebhookJobErrorDto | null;

  /** What the job made; null where it has not succeeded. */
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, example: '019ab6c3-1f42-7d0a-8a3e-5c6b7d8e9f00' })
  outputSetUid: string | null;
}

/** The data of `webhook.test`. */
export class WebhookTestDto {
  @ApiProperty({ format: 'uuid', example: '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70' })
  endpointUid: string;
}

/** The body that is posted to an endpoint. */
@ApiExtraModels(WebhookJobDto, WebhookTestDto)
export class WebhookEventDto {
  @ApiProperty({ enum: [...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE], example: 'job.succeeded' })
  type: WebhookEventType | typeof TEST_EVENT_TYPE;

  /** When it happened. */
  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:31:08.100Z' })
  timestamp: string;

  /** By the type: of a job that has ended, or of a test. */
  @ApiProperty({
    oneOf: [{ $ref: getSchemaPath(WebhookJobDto) }, { $ref: getSchemaPath(WebhookTestDto) }],
  })
  data: WebhookPayload['data'];
}

/** One message to an endpoint: how it went, or goes. */
export class WebhookDeliveryDto {
  @ApiProperty({ format: 'uuid', example: '019ab6d1-0f3c-7b52-b1d4-6e7f80912a3b' })
  uid: string;

  /** The header `webhook-id`: the same in every attempt and redelivery. */
  @ApiProperty({ format: 'uuid', example: '019ab6d1-0f3c-7b52-b1d4-6e7f80912a3b' })
  webhookId: string;

  @ApiProperty({ enum: [...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE], example: 'job.succeeded' })
  eventType: WebhookEventType | typeof TEST_EVENT_TYPE;

  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, example: '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11' })
  jobUid: string | null;

  @ApiProperty({ enum: WEBHOOK_DELIVERY_STATUSES, example: 'delivered' })
  status: WebhookDeliveryStatus;

  @ApiProperty({ type: 'integer', example: 1 })
  attempts: number;

  /** null where it is final. While an attempt is under way: when that counts as lost. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  nextAttemptAt: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:31:08.400Z' })
  lastAttemptAt: string | null;

  /** The status that the last attempt was answered with; null where there was no answer. */
  @ApiProperty({ type: 'integer', nullable: true, example: 204 })
  responseStatus: number | null;

  /** Of the last attempt, in milliseconds. */
  @ApiProperty({ type: 'integer', nullable: true, example: 87 })
  durationMs: number | null;

  /** Why the last attempt did not deliver. */
  @ApiProperty({ type: 'string', enum: WEBHOOK_ERROR_CODES, nullable: true, example: null })
  errorCode: WebhookErrorCode | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:31:08.150Z' })
  createdAt: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-01-12T09:31:08.490Z' })
  finishedAt: string | null;

  @ApiProperty({ type: WebhookEventDto })
  payload: WebhookEventDto;

  static from({ messageUid, ...delivery }: WebhookDeliveryView): WebhookDeliveryDto {
    const { uid, eventType, jobUid, status, attempts, responseStatus, durationMs, errorCode, payload } = delivery;
    const { nextAttemptAt, lastAttemptAt, createdAt, finishedAt } = delivery;
    return {
      uid,
      webhookId: messageUid,
      eventType,
      jobUid,
      status,
      attempts,
      nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
      lastAttemptAt: lastAttemptAt?.toISOString() ?? null,
      responseStatus,
      durationMs,
      errorCode,
      createdAt: createdAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      payload,
    };
  }
}

/** Which deliveries are asked for. */
export class ListWebhookDeliveriesDto extends PageQueryDto {
  /** Those that are still tried, were answered by a 2xx, or were given up. */
  @ApiPropertyOptional({ enum: WEBHOOK_DELIVERY_STATUSES })
  @IsOptional()
  @IsIn(WEBHOOK_DELIVERY_STATUSES, { message: `status must be one of ${WEBHOOK_DELIVERY_STATUSES.join(', ')}` })
  status?: WebhookDeliveryStatus;
}

/** A page of deliveries, newest first. */
export class WebhookDeliveryListDto {
  @ApiProperty({ type: [WebhookDeliveryDto] })
  items: WebhookDeliveryDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor: string | null;

  @ApiProperty({ example: false })
  hasMore: boolean;
}

/** A delivery that will be made in a moment. */
export class WebhookDeliveryQueuedDto {
  /** To be found in the endpoint's deliveries. */
  @ApiProperty({ format: 'uuid', example: '019ab6d1-0f3c-7b52-b1d4-6e7f80912a3b' })
  uid: string;
}
