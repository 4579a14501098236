import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Request } from 'express';
import { partnerNotFound, tenantNotFound } from '../../tenancy/administration-problems';

/** The path's `:partner` or `:tenant`. What is no code names nothing, and so is answered as one that there is not. */
export const PathCode = createParamDecorator((name: 'partner' | 'tenant', context: ExecutionContext): string => {
  const code = context.switchToHttp().getRequest<Request>().params[name];
  if (typeof code === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(code)) return code;
  throw name === 'partner' ? partnerNotFound() : tenantNotFound();
});

/** The path's `:schoolYear`, as the year in which it ends; null where it is none. */
export const PathSchoolYear = createParamDecorator((_data: unknown, context: ExecutionContext): number | null => {
  const { schoolYear } = context.switchToHttp().getRequest<Request>().params;
  return typeof schoolYear === 'string' && /^[0-9]{4}$/.test(schoolYear) ? Number(schoolYear) : null;
});

export const ApiPartnerParam = (): MethodDecorator & ClassDecorator =>
  ApiParam({ name: 'partner', description: "The partner's code.", schema: { type: 'string' }, example: 'demo' });
export const ApiTenantParam = (): MethodDecorator & ClassDecorator =>
  ApiParam({ name: 'tenant', description: "The tenant's code.", schema: { type: 'string' }, example: 'north' });
export const ApiSchoolYearParam = (): MethodDecorator & ClassDecorator =>
  ApiParam({
    name: 'schoolYear',
    description: 'The year in which the school year ends.',
    schema: { type: 'string' },
    example: '2026',
  });
