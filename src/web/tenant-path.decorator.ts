import { applyDecorators } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';

/** Where everything of one tenant is. */
export const TENANT_PATH = 'api/partners/:partner/tenants/:tenant';

/** Documents the parameters of that path, on a controller. */
export const ApiTenantPath = (): ClassDecorator =>
  applyDecorators(
    ApiParam({ name: 'partner', type: String, description: "The partner's code.", example: 'demo' }) as ClassDecorator,
    ApiParam({ name: 'tenant', type: String, description: "The tenant's code.", example: 'north' }) as ClassDecorator,
  );
