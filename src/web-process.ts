import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { join } from 'node:path';
import { serveDocumentation } from './api-documentation';
import { AppModule } from './app.module';
import type { Config } from './platform/config/settings';
import type { HttpPatience } from './platform/http/http-adapter';
import { createHttpApplication } from './platform/http/http-application';
import { BACKCHANNEL_LOGOUT_PATH } from './web/auth/login/login.controller';
import { servePage } from './web/page/serve-page';

/** Beside the built programs; the sources are one level deep too. */
const PAGE = join(__dirname, '..', 'dist', 'client');

/**
 * The web process's application with its documentation and the page, not yet listening.
 *
 * @param patience with slow clients, where a test cannot wait
 * @param pageDirectory what `npm run build` made of `src/client`
 */
export async function createWebApplication(
  config: Config,
  patience?: HttpPatience,
  pageDirectory = PAGE,
): Promise<NestExpressApplication> {
  const app = await createHttpApplication(AppModule.forRoot(config), { patience, formPaths: [BACKCHANNEL_LOGOUT_PATH] });
  servePage(app, pageDirectory);
  serveDocumentation(app);
  return app;
}

/** Starts the web process: connects to Postgres, which is all that it waits for, and listens on all addresses. */
export async function startWebProcess(config: Config): Promise<NestExpressApplication> {
  const app = await createWebApplication(config);
  const logger = new Logger('Configuration');
  for (const warning of config.warnings) logger.warn(warning);
  await listen(app, config.http.port);
  return app;
}

/** @throws Error with a readable message where the port is taken; the application is closed then. */
export async function listen(app: NestExpressApplication, port: number, host?: string): Promise<void> {
  try {
    await (host ? app.listen(port, host) : app.listen(port));
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new Error(`Port ${port} is in use by another program. Stop it, or set PORT to a free one.`, { cause: error });
    throw error;
  }
}
