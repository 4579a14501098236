import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

/** The shapes of what names things, in bodies and queries alike, for the check and for the document. */

const IsText = (pattern: RegExp, message: string): PropertyDecorator =>
  applyDecorators(Matches(pattern, { message: `$property ${message}` }), ApiProperty({ pattern: pattern.source }));

/** A partner's or tenant's code. */
export const IsCode = (): PropertyDecorator =>
  IsText(/^[A-Za-z0-9._-]{1,64}$/, 'must be a code: 1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen');

/**
 * A bundle's path in the registry. Its pattern stays out of the document, since `\p` is not known to every regular expression engine
 * that reads one.
 */
export const IsBundlePath = (): PropertyDecorator =>
  Matches(/^[^\p{Cc}]{1,255}$/u, { message: '$property must be a path of 1 to 255 characters' });

/** The year in which a school year ends. */
export const IsSchoolYear = (): PropertyDecorator => IsText(/^[0-9]{4}$/, 'must be a string of four digits');
