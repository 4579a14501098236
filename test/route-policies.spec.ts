import 'reflect-metadata';
import { DECORATORS } from '@nestjs/swagger';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tokenRequirementOf } from '../src/external-api/auth/token-requirement';
import { routePolicyOf } from '../src/platform/http/route-policy';

const SOURCE = join(__dirname, '../src');

interface Route {
  readonly name: string;
  readonly handler: object;
}

/** Every handler of every controller there is, found by the files so that none has to be listed. */
function findRoutes(): Route[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.controller.ts'));
  return files.flatMap((file) => {
    const exported = jest.requireActual<Record<string, unknown>>(join(SOURCE, file));
    return Object.values(exported).filter(isController).flatMap(routesOf);
  });
}

/** `path` and `method` are Nest's metadata of @Controller() and of @Get() and its like. */
function isController(value: unknown): value is { name: string; prototype: object } {
  return typeof value === 'function' && Reflect.hasMetadata('path', value);
}

function routesOf({ name, prototype }: { name: string; prototype: object }): Route[] {
  const members = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  return members.flatMap(([key, { value }]) => {
    const handler: unknown = value;
    const isRoute = typeof handler === 'function' && Reflect.hasMetadata('method', handler);
    return isRoute ? [{ name: `${name}.${key}`, handler }] : [];
  });
}

const routes = findRoutes();

it('finds the routes', () => {
  expect(routes.map(({ name }) => name)).toContain('TokenController.verify');
});

// Two policies on one route cannot be loaded at all (route-policy.spec.ts).
it.each(routes)('$name says who may reach it', ({ handler }) => {
  expect(routePolicyOf(handler)).toBeDefined();
});

it.each(routes.filter(({ handler }) => routePolicyOf(handler) === 'external_api_token'))(
  '$name documents its scope',
  ({ handler }) => {
    const { description } = Reflect.getMetadata(DECORATORS.API_OPERATION, handler) as { description: string };
    const scopes = tokenRequirementOf(handler)?.anyScopeOf ?? [];
    for (const scope of scopes) expect(description).toContain(`\`${scope}\``);
    expect(description).toContain('Scope: ');
  },
);
