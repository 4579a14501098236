import type { Settings } from './initial-settings';
import type { FileChoices } from './use-file-choices';

/** What was filled in, or offered, when the tenant was changed. */
export interface CarriedForm {
  readonly choices: FileChoices;
  readonly settings: Settings | null;
}

/**
 * The tenant is in the address, which cannot hold files: so the form of one tenant leaves here what that of the other begins with. It
 * is for that page alone and only until it is there, since these are students' files.
 */
let carried: (CarriedForm & { readonly to: string }) | null = null;

/** @param to the address of the other tenant's pages */
export function carryForm(to: string, form: CarriedForm): void {
  carried = { to, ...form };
}

/** What another tenant's form left for the one at this address, or null. */
export const carriedForm = (to: string): CarriedForm | null => (carried?.to === to ? carried : null);

export function forgetCarriedForm(): void {
  carried = null;
}
