import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl, S3RequestPresigner } from '@aws-sdk/s3-request-presigner';

export interface UrlToSign {
  readonly method: 'GET' | 'PUT';
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case names; whoever uses the URL has to send exactly these. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signedAt: Date;
  readonly expiresInSeconds: number;
}

/** Where a bucket's objects are, by the SDK's rules for endpoint, region and path style. */
interface BucketLocation {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** What comes before the key. */
  readonly path: string;
  readonly region: string;
}

/**
 * Presigns URLs of one bucket's objects (AWS Signature Version 4, query parameters). `getSignedUrl` runs the SDK's whole
 * pipeline for each URL, ten times the work of a signature; here it runs once, to learn where the bucket is, and then only the
 * SDK's signer does.
 */
export class UrlSigner {
  private readonly signer: S3RequestPresigner;
  private location: Promise<BucketLocation> | null = null;

  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {
    this.signer = new S3RequestPresigner(client.config);
  }

  /** @throws whatever the SDK throws where it finds no region or credentials. */
  async sign({ method, key, query = {}, headers = {}, signedAt, expiresInSeconds }: UrlToSign): Promise<string> {
    const { region, ...location } = await this.locate();
    const path = location.path + key.split('/').map(uriEncode).join('/');
    const signed = await this.signer.presign(
      { method, ...location, path, query: { ...query }, headers: { ...headers } },
      {
        signingRegion: region,
        signingDate: signedAt,
        expiresIn: expiresInSeconds,
        unhoistableHeaders: new Set(Object.keys(headers)),
      },
    );
    const parameters = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${uriEncode(name)}=${uriEncode(String(value))}`,
    );
    return `${location.protocol}//${signed.headers.host}${path}?${parameters.join('&')}`;
  }

  /** Of every URL that is signed here. @throws as `sign` does */
  async origin(): Promise<string> {
    const { protocol, hostname, port } = await this.locate();
    return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
  }

  private locate(): Promise<BucketLocation> {
    // Not kept where it fails: credentials may turn up later.
    this.location ??= this.askSdk().catch((error: unknown) => {
      this.location = null;
      throw error;
    });
    return this.location;
  }

  private async askSdk(): Promise<BucketLocation> {
    const command = new PutObjectCommand({ Bucket: this.bucket, Key: 'key' });
    const url = new URL(await getSignedUrl(this.client, command));
    // X-Amz-Credential is <access key id>/<date>/<region>/s3/aws4_request.
    const region = url.searchParams.get('X-Amz-Credential')?.split('/').at(-3);
    if (!region) throw new Error('the SDK did not say which region it signs for');
    const { protocol, hostname, port, pathname } = url;
    return { protocol, hostname, port: port ? Number(port) : undefined, path: pathname.slice(0, -'key'.length), region };
  }
}

/** RFC 3986, as Signature V4 wants it: everything but unreserved characters is escaped. */
const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
