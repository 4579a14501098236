import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PagingModule } from '../../platform/paging/paging.module';
import { TenancyModule } from '../../tenancy/tenancy.module';
import { SessionController } from './session.controller';
import { SessionView } from './session-view';
import { WebSession } from './web-session.entity';
import { LoadSession, RefuseCrossOrigin, RequireLoginIssuers } from './web-request.middleware';
import { WebSessions } from './web-sessions';

/** Every path of the web page's API, and nothing of the External API's: there no session is ever loaded. */
const WEB_API = 'api/*path';

/** Signing in, and what the controllers of the web page's API need to be guarded (`web-access.decorator.ts`). */
@Module({
  imports: [TypeOrmModule.forFeature([WebSession]), TenancyModule, PagingModule],
  controllers: [SessionController],
  providers: [WebSessions, SessionView],
  exports: [TenancyModule],
})
export class WebAuthModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequireLoginIssuers, RefuseCrossOrigin, LoadSession).forRoutes(WEB_API);
  }
}
