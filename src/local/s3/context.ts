import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ObjectStore } from './store';
import { first, RequestTarget } from './target';
import { xmlDocument, XmlNode } from './xml';

/** One authenticated request, as the operations see it. */
export interface RequestContext {
  store: ObjectStore;
  region: string;
  target: RequestTarget;
  /**
   * Lower-case names. Of a presigned URL also the `x-amz-*` parameters of its query, which S3 reads as the headers they stand
   * for; a header that was really sent wins.
   */
  headers: ReadonlyMap<string, string>;
  /** What the signature says about the body: see `VerifiedRequest`. */
  payloadHash: string;
  presigned: boolean;
  incoming: IncomingMessage;
  response: ServerResponse;
  /** Aborts when the client is gone before the answer. */
  signal: AbortSignal;
}

export type Operation = (context: RequestContext) => Promise<void> | void;

export function parameter({ target }: RequestContext, name: string): string | undefined {
  return first(target, name);
}

export function respond({ response }: RequestContext, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}

export function respondXml(
  context: RequestContext,
  root: string,
  content: XmlNode[],
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(xmlDocument(root, content));
  context.response.writeHead(200, { 'Content-Type': 'application/xml', 'Content-Length': body.length, ...headers }).end(body);
}
