import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { extname } from 'node:path';
import { FileService } from '../../files/file.service';
import { Problem } from '../../platform/problem/problem';
import { readBuiltPage, type BuiltPage } from './built-page';
import { ProblemPageFilter } from './problem-page.filter';
import { sendDocument } from './send-document';

/** What is never a page, so that a mistyped path there is answered as a problem to programs and browsers alike. */
const NOT_A_PAGE = /^\/(v\d+|api|docs[^/]*|health|\.well-known)(\/|$)/;
const ASSET = /^\/assets\/([^/]+)$/;
/** A name stands for its content, so a browser never has to ask again. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the web page: its assets, and its one document at every other path that a browser asks for. */
export function servePage(app: NestExpressApplication, directory: string): void {
  const page = readBuiltPage(directory);
  const files = app.get(FileService);
  // In place of the application's own, whose answers it gives but for a few.
  if (page) app.useGlobalFilters(new ProblemPageFilter(page, files));
  else new Logger('Page').warn('the web page has not been built; run npm run build');
  app.use(async (request: Request, response: Response, next: NextFunction) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || NOT_A_PAGE.test(request.path)) return next();
    const asset = ASSET.exec(request.path)?.[1];
    if (asset !== undefined) return page?.assets.has(asset) ? sendAsset(page, asset, request, response) : next();
    // Programs, which take anything, are told that there is nothing; browsers get the page, which tells it to people.
    if (request.accepts(['json', 'html']) !== 'html') return next();
    if (!page) return next(new Problem('page_not_built', 'The web page has not been built. Run npm run build, and start again.'));
    sendDocument(page, await files.uploadOrigin(), response);
  });
}

function sendAsset({ directory, assets }: BuiltPage, name: string, request: Request, response: Response): void {
  const { br = false, gzip = false } = assets.get(name) ?? {};
  const encoding = request.acceptsEncodings([...(br ? ['br'] : []), ...(gzip ? ['gzip'] : []), 'identity']);
  const suffix = encoding === 'br' ? '.br' : encoding === 'gzip' ? '.gz' : '';
  if (suffix) response.setHeader('Content-Encoding', String(encoding));
  response.vary('Accept-Encoding').type(extname(name));
  response.setHeader('Cache-Control', FOR_EVER);
  response.sendFile(name + suffix, { root: directory, cacheControl: false, lastModified: false });
}
