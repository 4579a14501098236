import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

/**
 * Documents a property as an object of DTOs by name, which the swagger plugin cannot tell from the type.
 *
 * @param example names that the reader knows; Swagger would make some up.
 */
export function ApiMapOf<Dto extends object>(dto: Type<Dto>, example: Readonly<Record<string, Dto>>): PropertyDecorator {
  const property = ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(dto) }, example });
  return applyDecorators((target: object) => ApiExtraModels(dto)(target.constructor as Type), property);
}
