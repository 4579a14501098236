const statusOf = {
  AccessDenied: 403,
  AccessForbidden: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BadRequest: 400,
  BucketAlreadyOwnedByYou: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  MaxMessageLengthExceeded: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3ErrorCode = keyof typeof statusOf;

export interface S3ErrorExtras {
  /** Further elements of the error document, as S3 gives them for this code. */
  details?: Record<string, string>;
  /** Response headers that belong to the answer, such as `Content-Range` of a 416. */
  headers?: Record<string, string>;
}

/** A refusal in S3's own terms. The server's one handler turns it into the XML answer ("Error responses", S3 API reference). */
export class S3Error extends Error {
  readonly details: Record<string, string>;
  readonly headers: Record<string, string>;

  constructor(
    readonly code: S3ErrorCode,
    message: string,
    { details = {}, headers = {} }: S3ErrorExtras = {},
  ) {
    super(message);
    this.details = details;
    this.headers = headers;
  }

  get status(): number {
    return statusOf[this.code];
  }
}
