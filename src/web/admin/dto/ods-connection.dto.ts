import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import type { ShapeChecked } from '../../../platform/http/validation.pipe';
import type { ProblemDetail } from '../../../platform/problem/problem';
import { CHECK_STEPS, type CheckStep, type ConnectionCheck } from '../../../ods/check-connection';
import type { OdsConnectionView, SaveOdsConnectionCommand } from '../../../tenancy/ods-connections.service';
import { toSchoolYear } from './tenant.dto';

/** RFC 7617 §2: a user name has no colon. Beyond that visible ASCII, of which Ed-Fi's own are. */
const KEY = /^[!-9;-~]{1,255}$/;
const SECRET = /^[!-~]{1,255}$/;

const IfGiven = (): PropertyDecorator => ValidateIf((_dto: object, value: unknown) => value !== undefined && value !== null);

/** An Ed-Fi API, and what Slipway is known by there. */
export class SaveOdsConnectionDto implements ShapeChecked {
  /** The API's root, above `data/v3`. https, on a public address unless the operator allows others. */
  @ApiProperty({ example: 'https://ods.example.org/v7.3/api', maxLength: 2048 })
  @Matches(/^[^\s\p{Cc}]{1,2048}$/u, { message: 'baseUrl must be a URL of at most 2048 characters' })
  baseUrl: string;

  /** With the secret, or neither to keep both; for a new connection and for another base URL both are needed. */
  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 255, writeOnly: true, example: 'populatedKey' })
  @IfGiven()
  @Matches(KEY, { message: 'key must be 1 to 255 visible ASCII characters without a colon' })
  key?: string | null;

  /** It is kept encrypted and never shown again. */
  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 255, writeOnly: true, example: 'populatedSecret' })
  @IfGiven()
  @Matches(SECRET, { message: 'secret must be 1 to 255 visible ASCII characters' })
  secret?: string | null;

  shapeFaults(): ProblemDetail[] {
    const [hasKey, hasSecret] = [this.key ?? null, this.secret ?? null].map((value) => value !== null);
    if (hasKey === hasSecret) return [];
    const [missing, given] = hasKey ? ['secret', 'key'] : ['key', 'secret'];
    return [{ pointer: `/${missing}`, code: 'invalid_request', detail: `${missing} is needed where there is a ${given}` }];
  }

  toCommand(): SaveOdsConnectionCommand {
    const { baseUrl, key, secret } = this;
    return { baseUrl, credentials: key && secret ? { key, secret } : null };
  }
}

/** A connection without its key and secret. */
export class OdsConnectionDto {
  /** The year in which the school year ends. */
  @ApiProperty({ example: '2026' })
  schoolYear: string;

  @ApiProperty({ example: 'https://ods.example.org/v7.3/api' })
  baseUrl: string;

  /** A key and a secret are stored. */
  @ApiProperty({ example: true })
  hasSecret: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  createdAt: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T09:30:00.000Z' })
  updatedAt: string;

  /** For `If-Match` when it is changed. */
  @ApiProperty({ example: '"5e884898da28047151d0e56f8dc62927"' })
  etag: string;

  static from({ endYear, baseUrl, createdAt, updatedAt, etag }: OdsConnectionView): OdsConnectionDto {
    return {
      schoolYear: toSchoolYear(endYear),
      baseUrl,
      hasSecret: true,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      etag,
    };
  }
}

/** A tenant's connections, by school year. */
export class OdsConnectionListDto {
  @ApiProperty({ type: [OdsConnectionDto] })
  items: OdsConnectionDto[];
}

/** A data model that an Ed-Fi API serves. */
export class OdsDataModelDto {
  @ApiProperty({ example: 'Ed-Fi' })
  name: string;

  @ApiProperty({ example: '5.2.0' })
  version: string;
}

/** One step of a check. */
export class OdsCheckStepDto {
  @ApiProperty({ enum: CHECK_STEPS, example: 'token_obtained' })
  step: CheckStep;

  @ApiProperty({ example: true })
  ok: boolean;

  /** What was found, or what is wrong and what to do, in plain words. */
  @ApiProperty({ example: 'The key and the secret are accepted.' })
  detail: string;
}

/** How a connection does. */
export class OdsCheckDto {
  /** Every step succeeded. */
  @ApiProperty({ example: true })
  ok: boolean;

  /** null where the API could not be asked. */
  @ApiProperty({ type: 'string', nullable: true, example: '7.3' })
  apiVersion: string | null;

  @ApiProperty({ type: [OdsDataModelDto] })
  dataModels: OdsDataModelDto[];

  /** In their order, up to the first that failed. */
  @ApiProperty({ type: [OdsCheckStepDto] })
  steps: OdsCheckStepDto[];

  static from({ ok, apiVersion, dataModels, steps }: ConnectionCheck): OdsCheckDto {
    return { ok, apiVersion, dataModels: [...dataModels], steps: [...steps] };
  }
}
