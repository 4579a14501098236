import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import { serveDocumentation } from './external-api/openapi';
import type { Config } from './platform/config/settings';
import { createHttpApplication } from './platform/http/http-application';

/** The web process's application with its documentation, not yet listening. */
export async function createWebApplication(config: Config): Promise<NestExpressApplication> {
  const app = await createHttpApplication(AppModule.forRoot(config));
  serveDocumentation(app);
  return app;
}

/**
 * Starts the web process: connects to Postgres, which is all that it waits for, and listens.
 *
 * @throws Error with a readable message where the port is taken.
 */
export async function startWebProcess(config: Config, host?: string): Promise<NestExpressApplication> {
  const app = await createWebApplication(config);
  const logger = new Logger('Configuration');
  for (const warning of config.warnings) logger.warn(warning);
  try {
    await (host ? app.listen(config.http.port, host) : app.listen(config.http.port));
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new Error(`Port ${config.http.port} is in use by another program. Stop it, or set PORT to a free one.`, {
        cause: error,
      });
    throw error;
  }
  return app;
}
