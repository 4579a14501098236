import { Module } from '@nestjs/common';
import { ExternalApiSettings } from '../../platform/config/settings';
import { ClientRateLimit } from '../rate-limit/client-rate-limit';
import { Clock, SystemClock } from './clock';
import { IssuerKeys } from './issuer-keys';
import { fetchIssuerKeys } from './oidc-discovery';
import { TokenMetrics } from './token-metrics';
import { TokenVerifier } from './token-verifier';

/** What the External API's controllers need to be guarded; the decorators of `scopes.decorator.ts` put the guard on a route. */
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    {
      provide: IssuerKeys,
      inject: [ExternalApiSettings, Clock, TokenMetrics],
      // Lazy: nothing is asked before the first token, so an issuer that is away never stops the boot.
      useFactory: (settings: ExternalApiSettings, clock: Clock, metrics: TokenMetrics) =>
        new IssuerKeys(() => metrics.countFetch(() => fetchIssuerKeys(settings.issuer ?? '')), settings, clock),
    },
    TokenMetrics,
    TokenVerifier,
    // Here, and not in the guard: Nest makes a guard anew for every module that uses it.
    ClientRateLimit,
  ],
  exports: [TokenVerifier, TokenMetrics, IssuerKeys, ClientRateLimit],
})
export class AuthModule {}
