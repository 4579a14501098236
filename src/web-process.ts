import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { serveDocumentation } from './api-documentation';
import { AppModule } from './app.module';
import type { Config } from './platform/config/settings';
import type { HttpPatience } from './platform/http/http-adapter';
import { createHttpApplication } from './platform/http/http-application';

/** The web process's application with its documentation, not yet listening. @param patience with slow clients, where a test cannot wait. */
export async function createWebApplication(config: Config, patience?: HttpPatience): Promise<NestExpressApplication> {
  const app = await createHttpApplication(AppModule.forRoot(config), patience);
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
