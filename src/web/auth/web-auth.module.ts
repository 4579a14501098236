import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EncryptionModule } from '../../platform/encryption/encryption.module';
import { PagingModule } from '../../platform/paging/paging.module';
import { TenancyModule } from '../../tenancy/tenancy.module';
import { AccessWatch } from './access-watch';
import { BackchannelLogoutService } from './login/backchannel-logout.service';
import { LoginCookies } from './login/login-cookies';
import { LoginIssuers } from './login/login-issuers';
import { BACKCHANNEL_LOGOUT_PATH, LoginController } from './login/login.controller';
import { LoginService } from './login/login.service';
import { UsedLogoutToken } from './login/used-logout-token.entity';
import { SignInRateLimit } from './rate-limit/sign-in-rate-limit';
import { UserRateLimit } from './rate-limit/user-rate-limit';
import { SessionController } from './session.controller';
import { SessionView } from './session-view';
import { WebSession } from './web-session.entity';
import { LoadSession, RefuseCrossOrigin, RequireLoginIssuers } from './web-request.middleware';
import { WebSessions } from './web-sessions';

/** Every path of the web page's API, and nothing of the External API's: there no session is ever loaded. */
const WEB_API = 'api/*path';

/** Signing in, and what the controllers of the web page's API need to be guarded (`web-access.decorator.ts`). */
@Module({
  imports: [TypeOrmModule.forFeature([WebSession, UsedLogoutToken]), TenancyModule, PagingModule, EncryptionModule],
  controllers: [SessionController, LoginController],
  providers: [
    WebSessions,
    SessionView,
    LoginIssuers,
    LoginCookies,
    LoginService,
    BackchannelLogoutService,
    AccessWatch,
    // Here, and not in the guards: Nest makes a guard anew for every module that uses it.
    UserRateLimit,
    SignInRateLimit,
  ],
  exports: [TenancyModule, AccessWatch, UserRateLimit],
})
export class WebAuthModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequireLoginIssuers).forRoutes(WEB_API);
    // Issuers are no pages: their token says who they are.
    consumer.apply(RefuseCrossOrigin).exclude(BACKCHANNEL_LOGOUT_PATH).forRoutes(WEB_API);
    consumer.apply(LoadSession).forRoutes(WEB_API);
  }
}
