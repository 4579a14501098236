import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { IsCode } from '../../../platform/http/dto/field-rules';
import { PageQueryDto } from '../../../platform/http/dto/page-query.dto';
import type { CreateWebhookEndpointCommand } from '../../../webhooks/create-webhook-endpoint';
import type {
  CreatedWebhookEndpoint,
  RotatedWebhookSecret,
  StoredSecret,
  WebhookEndpointChanges,
  WebhookEndpointView,
} from '../../../webhooks/webhook-endpoints.service';
import {
  WEBHOOK_DISABLED_REASONS,
  WEBHOOK_EVENT_TYPES,
  type WebhookDisabledReason,
  type WebhookEventType,
} from '../../../webhooks/webhook-events';

const MAX_GRACE_SECONDS = 7 * 86_400;
const DEFAULT_GRACE_SECONDS = 86_400;

/** Absent, but not null. */
const IfGiven = (): PropertyDecorator => ValidateIf((_dto: object, value: unknown) => value !== undefined);
const IsWebhookUrl = (): PropertyDecorator =>
  Matches(/^[^\s\p{Cc}]{1,2048}$/u, { message: 'url must be a URL of at most 2048 characters' });
const EventTypesAre = (): PropertyDecorator => (target, key) => {
  // Applied from the last to the first: the shape is said first.
  IsIn(WEBHOOK_EVENT_TYPES, { each: true, message: `eventTypes must be some of ${WEBHOOK_EVENT_TYPES.join(', ')}` })(target, key);
  ArrayUnique({ message: 'eventTypes must not have one twice' })(target, key);
  ArrayNotEmpty({ message: 'eventTypes must not be empty' })(target, key);
  IsArray({ message: 'eventTypes must be an array' })(target, key);
};

/** A new webhook endpoint. */
export class CreateWebhookEndpointDto {
  /** The code of the partner whose jobs it is to hear of; the token needs the scope `partner:<code>`. */
  @ApiProperty({ example: 'demo' })
  @IsCode()
  partner: string;

  /** Where events are posted to. https, without user name, password or fragment, on a public address. */
  @ApiProperty({ example: 'https://hooks.example.org/slipway', maxLength: 2048 })
  @IsWebhookUrl()
  url: string;

  /** Which events; all that there are now where it is left out. */
  @ApiPropertyOptional({ enum: WEBHOOK_EVENT_TYPES, isArray: true, example: ['job.succeeded', 'job.failed'] })
  @IfGiven()
  @EventTypesAre()
  eventTypes?: WebhookEventType[];

  toCommand(): CreateWebhookEndpointCommand {
    return { partner: this.partner, url: this.url, eventTypes: this.eventTypes ?? WEBHOOK_EVENT_TYPES };
  }
}

/** What is to change; what is left out stays. */
export class UpdateWebhookEndpointDto {
  /** What waits to be delivered goes there too. */
  @ApiPropertyOptional({ example: 'https://hooks.example.org/slipway/v2', maxLength: 2048 })
  @IfGiven()
  @IsWebhookUrl()
  url?: string;

  @ApiPropertyOptional({ enum: WEBHOOK_EVENT_TYPES, isArray: true, example: ['job.failed'] })
  @IfGiven()
  @EventTypesAre()
  eventTypes?: WebhookEventType[];

  /** A disabled endpoint gets nothing; what happens in the meantime is not sent later. true enables one that we disabled, too. */
  @ApiPropertyOptional({ example: true })
  @IfGiven()
  @IsBoolean({ message: 'enabled must be true or false' })
  enabled?: boolean;

  toChanges(): WebhookEndpointChanges {
    return { url: this.url, eventTypes: this.eventTypes, enabled: this.enabled };
  }
}

/** Which endpoints of the client are asked for. */
export class ListWebhookEndpointsDto extends PageQueryDto {
  /** A partner's code; the token needs the scope `partner:<code>`. */
  @ApiPropertyOptional({ example: 'demo' })
  @IsOptional()
  @IsCode()
  partner?: string;
}

/** A webhook endpoint. */
export class WebhookEndpointDto {
  @ApiProperty({ format: 'uuid', example: '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70' })
  uid: string;

  @ApiProperty({ example: 'demo' })
  partner: string;

  @ApiProperty({ example: 'https://hooks.example.org/slipway' })
  url: string;

  @ApiProperty({ enum: WEBHOOK_EVENT_TYPES, isArray: true, example: ['job.succeeded', 'job.failed'] })
  eventTypes: WebhookEventType[];

  @ApiProperty({ example: true })
  enabled: boolean;

  /** `requested`: its client disabled it. `gone`: it answered 410. `failing`: nothing got through for five days. */
  @ApiProperty({ type: 'string', enum: WEBHOOK_DISABLED_REASONS, nullable: true, example: null })
  disabledReason: WebhookDisabledReason | null;

  /** Since when every attempt has failed; null where the last one did not. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  failingSince: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  createdAt: string;

  static from({
    uid,
    partner,
    url,
    eventTypes,
    disabledReason,
    failingSince,
    createdAt,
  }: WebhookEndpointView): WebhookEndpointDto {
    return {
      uid,
      partner,
      url,
      eventTypes: [...eventTypes],
      enabled: disabledReason === null,
      disabledReason,
      failingSince: failingSince?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
    };
  }
}

/** A webhook endpoint that was just created, with its secret. */
export class WebhookEndpointCreatedDto extends WebhookEndpointDto {
  /** Verifies the signatures (Standard Webhooks). It is shown only here: keep it as a secret. */
  @ApiProperty({ example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwvE3oT1x2y4A=' })
  secret: string;
}

/** What an idempotency key keeps of the answer: the secret is encrypted. */
export class KeptWebhookEndpoint {
  endpoint: WebhookEndpointDto;
  stored: StoredSecret;

  static from({ endpoint, stored }: CreatedWebhookEndpoint): KeptWebhookEndpoint {
    return { endpoint: WebhookEndpointDto.from(endpoint), stored };
  }
}

/** A page of webhook endpoints, oldest first. */
export class WebhookEndpointListDto {
  @ApiProperty({ type: [WebhookEndpointDto] })
  items: WebhookEndpointDto[];

  /** For the next page; null at the end. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  nextCursor: string | null;

  @ApiProperty({ example: false })
  hasMore: boolean;
}

/** How a secret is replaced. */
export class RotateWebhookSecretDto {
  /** For how long the secret until now signs too, beside the new one. Seconds; 0 where it has leaked. */
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_GRACE_SECONDS,
    default: DEFAULT_GRACE_SECONDS,
    example: 86_400,
  })
  @IfGiven()
  @IsInt({ message: 'gracePeriodSeconds must be a whole number' })
  @Min(0, { message: 'gracePeriodSeconds must not be below 0' })
  @Max(MAX_GRACE_SECONDS, { message: `gracePeriodSeconds must not be over ${MAX_GRACE_SECONDS}` })
  gracePeriodSeconds?: number;

  get graceSeconds(): number {
    return this.gracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  }
}

/** A new secret. */
export class WebhookSecretDto {
  /** It is shown only here: keep it as a secret. */
  @ApiProperty({ example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwvE3oT1x2y4A=' })
  secret: string;

  /** Until when the secret before it signs too. */
  @ApiProperty({ format: 'date-time', example: '2026-01-13T09:30:00.000Z' })
  previousSecretExpiresAt: string;
}

/** What an idempotency key keeps of the answer: the secret is encrypted. */
export class KeptWebhookSecret {
  stored: StoredSecret;
  previousSecretExpiresAt: string;

  static from({ stored, previousSecretExpiresAt }: RotatedWebhookSecret): KeptWebhookSecret {
    return { stored, previousSecretExpiresAt: previousSecretExpiresAt.toISOString() };
  }
}
