import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One of the faults of a request, at exactly one place of it. */
export class ProblemDetailDto {
  /**
   * JSON pointer into the body.
   * @example "/params/TEST_TYPE"
   */
  pointer?: string;

  /**
   * A query parameter's name.
   * @example "createdAfter"
   */
  parameter?: string;

  /**
   * A header's name.
   * @example "Idempotency-Key"
   */
  header?: string;

  /**
   * For programs; stable.
   * @example "invalid_param_values"
   */
  code: string;

  /**
   * For people.
   * @example "must be one of: A, B"
   */
  detail: string;
}

/** Every error of the API: a problem document (RFC 9457). */
export class ProblemDto {
  /**
   * A URI that names the kind of problem.
   * @example "urn:slipway:problem:invalid_param_values"
   */
  type: string;

  /** What the code means; for people. */
  @ApiProperty({ example: "A parameter's value is not allowed" })
  title: string;

  /**
   * The HTTP status.
   * @example 400
   */
  status: number;

  /**
   * What is wrong, where, and what to do about it; for people.
   * @example "/params/TEST_TYPE: must be one of: A, B."
   */
  detail: string;

  /**
   * For programs; stable.
   * @example "invalid_param_values"
   */
  code: string;

  /**
   * Tell us this one when you ask about the error.
   * @example "01935e2a-7c1e-7d3a-9f27-5d1f0c7f2a41"
   */
  requestId: string;

  /** Every fault of the request, where there are places to point at. */
  @ApiPropertyOptional({
    type: [ProblemDetailDto],
    example: [{ pointer: '/params/TEST_TYPE', code: 'invalid_param_values', detail: 'must be one of: A, B' }],
  })
  errors?: ProblemDetailDto[];
}
