import { Matches } from 'class-validator';

/** The shapes of what names things, in bodies and queries alike. */

/** A partner's or tenant's code. */
export const IsCode = (): PropertyDecorator =>
  Matches(/^[A-Za-z0-9._-]{1,64}$/, {
    message: '$property must be a code: 1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen',
  });

/** A bundle's path in the registry. */
export const IsBundlePath = (): PropertyDecorator =>
  Matches(/^[^\p{Cc}]{1,255}$/u, { message: '$property must be a path of 1 to 255 characters' });

/** The year in which a school year ends. */
export const IsSchoolYear = (): PropertyDecorator =>
  Matches(/^[0-9]{4}$/, { message: '$property must be a string of four digits' });
