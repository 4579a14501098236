import { S3Error } from './errors';
import { RequestToVerify, verifySignature, VerifiedRequest } from './signature';
import { parseTarget } from './target';

// The examples of "Signature Calculations for the Authorization Header" and "Authenticating Requests: Using Query Parameters" in
// the S3 API reference.
const policy = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  maxClockSkewSeconds: 900,
};
const now = new Date('2013-05-24T00:00:00Z');
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SCOPE = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

interface Example {
  method?: string;
  url: string;
  signedHeaders: Record<string, string>;
  signature: string;
}

function signed({ method = 'GET', url, signedHeaders, signature }: Example): RequestToVerify {
  const common = { host: 'examplebucket.s3.amazonaws.com', 'x-amz-content-sha256': EMPTY_HASH, 'x-amz-date': '20130524T000000Z' };
  const headers = { ...common, ...signedHeaders };
  const names = Object.keys(headers).sort().join(';');
  const authorization = `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${names},Signature=${signature}`;
  return { method, target: parseTarget(url), headers: new Map(Object.entries({ ...headers, authorization })) };
}

const getObject: Example = {
  url: '/test.txt',
  signedHeaders: { range: 'bytes=0-9' },
  signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
};
const PRESIGNED =
  '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
  '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
  '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';

const presigned = (url = PRESIGNED, headers: Record<string, string> = {}): RequestToVerify => ({
  method: 'GET',
  target: parseTarget(url),
  headers: new Map(Object.entries({ host: 'examplebucket.s3.amazonaws.com', ...headers })),
});

function outcome(request: RequestToVerify, at = now): VerifiedRequest | string {
  try {
    return verifySignature(request, policy, at);
  } catch (error) {
    if (error instanceof S3Error) return error.code;
    throw error;
  }
}

const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

describe('a signature in the header', () => {
  it.each<[string, Example, string]>([
    ['GET object', getObject, EMPTY_HASH],
    [
      'PUT object',
      {
        method: 'PUT',
        url: '/test$file.text',
        signedHeaders: {
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
        signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      },
      '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    ],
    [
      'GET bucket lifecycle',
      {
        url: '/?lifecycle',
        signedHeaders: {},
        signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      },
      EMPTY_HASH,
    ],
    [
      'list objects',
      {
        url: '/?max-keys=2&prefix=J',
        signedHeaders: {},
        signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      },
      EMPTY_HASH,
    ],
  ])('is good for the example %s', (_, example, payloadHash) => {
    expect(outcome(signed(example))).toEqual({ payloadHash, presigned: false });
  });

  it.each<[string, Partial<Example>]>([
    ['method', { method: 'DELETE' }],
    ['path', { url: '/test.txt2' }],
    ['query', { url: '/test.txt?versionId=1' }],
    ['header value', { signedHeaders: { range: 'bytes=0-10' } }],
    ['signature', { signature: 'f'.repeat(64) }],
  ])('is not good with another %s', (_, change) => {
    expect(outcome(signed({ ...getObject, ...change }))).toBe('SignatureDoesNotMatch');
  });

  it('is refused when a header that it covers is missing', () => {
    const request = signed(getObject);
    const headers = new Map([...request.headers].filter(([name]) => name !== 'range'));
    expect(outcome({ ...request, headers })).toBe('SignatureDoesNotMatch');
  });

  it('is refused when an x-amz header is not covered', () => {
    const request = signed(getObject);
    expect(outcome({ ...request, headers: new Map([...request.headers, ['x-amz-acl', 'public-read']]) })).toBe('AccessDenied');
  });

  it('is good for a quarter of an hour to both sides', () => {
    expect([outcome(signed(getObject), later(900)), outcome(signed(getObject), later(-900))]).not.toContain(
      'RequestTimeTooSkewed',
    );
    expect(outcome(signed(getObject), later(901))).toBe('RequestTimeTooSkewed');
    expect(outcome(signed(getObject), later(-901))).toBe('RequestTimeTooSkewed');
  });

  it.each<[string, string, string]>([
    ['another region', SCOPE.replace('us-east-1', 'eu-west-1'), 'AuthorizationHeaderMalformed'],
    ['another day', SCOPE.replace('20130524', '20130525'), 'AuthorizationHeaderMalformed'],
    ['another service', SCOPE.replace('/s3/', '/sqs/'), 'AuthorizationHeaderMalformed'],
    ['an unknown access key', SCOPE.replace('AKIAIOSFODNN7EXAMPLE', 'AKIAOTHER'), 'InvalidAccessKeyId'],
  ])('is refused for %s', (_, credential, code) => {
    const request = signed(getObject);
    const authorization = (request.headers.get('authorization') ?? '').replace(SCOPE, credential);
    expect(outcome({ ...request, headers: new Map([...request.headers, ['authorization', authorization]]) })).toBe(code);
  });

  it.each<[string, string, string]>([
    ['authorization', 'AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl', 'InvalidRequest'],
    ['authorization', 'AWS4-HMAC-SHA256 nonsense', 'AuthorizationHeaderMalformed'],
    ['x-amz-date', 'yesterday', 'AccessDenied'],
    ['x-amz-date', '20131301T000000Z', 'AccessDenied'],
    ['x-amz-content-sha256', 'nonsense', 'InvalidArgument'],
    ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'NotImplemented'],
  ])('is refused with %s: %s', (name, value, code) => {
    const request = signed(getObject);
    expect(outcome({ ...request, headers: new Map([...request.headers, [name, value]]) })).toBe(code);
  });
});

describe('a presigned URL', () => {
  it('is good for the documented example until it expires', () => {
    const good = { payloadHash: 'UNSIGNED-PAYLOAD', presigned: true };
    expect(outcome(presigned())).toEqual(good);
    expect(outcome(presigned(), later(86_400))).toEqual(good);
    expect(outcome(presigned(), later(86_401))).toBe('AccessDenied');
    expect(outcome(presigned(), later(-901))).toBe('AccessDenied');
  });

  it.each(['0', '-1', '604801', '1.5', '1e3', 'soon', ''])('is refused with an expiry of "%s"', (expires) => {
    const url = PRESIGNED.replace('X-Amz-Expires=86400', `X-Amz-Expires=${expires}`);
    expect(outcome(presigned(url))).toBe('AuthorizationQueryParametersError');
  });

  it.each<[string, string, string]>([
    ['a longer life', PRESIGNED.replace('86400', '604800'), 'SignatureDoesNotMatch'],
    ['a second expiry', `${PRESIGNED}&X-Amz-Expires=604800`, 'SignatureDoesNotMatch'],
    ['a parameter more', `${PRESIGNED}&response-content-type=text/html`, 'SignatureDoesNotMatch'],
    ['no date', PRESIGNED.replace('X-Amz-Date', 'Date'), 'AuthorizationQueryParametersError'],
    ['no signature', PRESIGNED.replace('X-Amz-Signature', 'Signature'), 'AuthorizationQueryParametersError'],
    ['no signed host', PRESIGNED.replace('SignedHeaders=host', 'SignedHeaders=range'), 'SignatureDoesNotMatch'],
  ])('is refused with %s', (_, url, code) => {
    expect(outcome(presigned(url))).toBe(code);
  });

  it('is refused at another host, or beside an Authorization header', () => {
    expect(outcome(presigned(PRESIGNED, { host: 'localhost' }))).toBe('SignatureDoesNotMatch');
    expect(outcome(presigned(PRESIGNED, { authorization: 'AWS4-HMAC-SHA256 x' }))).toBe('InvalidArgument');
  });
});

it('refuses a request without a signature', () => {
  expect(outcome(presigned('/test.txt'))).toBe('AccessDenied');
});
