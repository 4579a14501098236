import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

/** Who decides whether a request may reach a route: nobody (`public`), or the guard of one of the fronts. */
export type RoutePolicy = 'public' | 'external_api_token' | 'web_session';

const ROUTE_POLICY = 'slipway:route-policy';

/**
 * For the decorators that put a guard on a route.
 *
 * @throws Error while the class is loaded, where a route would have two policies: which of them holds would be luck.
 */
export function declareRoutePolicy(policy: RoutePolicy): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const declared = routePolicyOf(handler);
    if (declared) throw new Error(`${target.constructor.name}.${String(key)} has two policies: ${declared} and ${policy}.`);
    Reflect.defineMetadata(ROUTE_POLICY, policy, handler);
  };
}

export function routePolicyOf(handler: object): RoutePolicy | undefined {
  return Reflect.getMetadata(ROUTE_POLICY, handler) as RoutePolicy | undefined;
}

/** Opens a route to everybody, without any token or session. */
export const Public = (): MethodDecorator => declareRoutePolicy('public');

/** The application's global guard: a route that does not say who may reach it is closed. */
@Injectable()
export class ClosedByDefaultGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    if (routePolicyOf(context.getHandler())) return true;
    throw new Error(`${context.getClass().name}.${context.getHandler().name} does not say who may reach it.`);
  }
}
