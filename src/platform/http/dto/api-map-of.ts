import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

/** Documents a property as an object of DTOs by name, which the swagger plugin cannot tell from the type. */
export function ApiMapOf(dto: Type): PropertyDecorator {
  const property = ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(dto) } });
  return applyDecorators((target: object) => ApiExtraModels(dto)(target.constructor as Type), property);
}
