import type { FileChoice, FileSlot } from './file-choice';
import { paramsToFill, type ParamSlot, type Settings } from './initial-settings';

/** What is wrong, by the field's name: `bundle`, `schoolYear`, `params/ENV` or `files/ENV`. */
export type FormFaults = Readonly<Record<string, string>>;

/** What is not filled in. A file with a fault of its own says so beside it, and counts here. @param message for each of them */
export function missingFields(
  bundle: { readonly files: readonly FileSlot[]; readonly params: readonly ParamSlot[] } | null,
  settings: Settings,
  files: Readonly<Record<string, FileChoice>>,
  message: string,
): FormFaults {
  const missing: string[] = [];
  if (!bundle) missing.push('bundle');
  if (settings.schoolYear === '') missing.push('schoolYear');
  for (const { envVar, required } of paramsToFill(bundle?.params ?? []))
    if (required && (settings.params[envVar] ?? '') === '') missing.push(`params/${envVar}`);
  for (const { envVar, required } of bundle?.files ?? []) {
    const choice = files[envVar];
    if (choice ? choice.fault !== null : required) missing.push(`files/${envVar}`);
  }
  return Object.fromEntries(missing.map((field) => [field, message]));
}

/** The server's faults by field; `rest` are those of no field of the form. */
export function faultsOfProblem(errors: readonly { readonly pointer?: string; readonly detail: string }[]): {
  readonly fields: FormFaults;
  readonly rest: readonly string[];
} {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { pointer = '', detail } of errors) {
    const [, area = '', name = ''] = pointer.split('/').map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~'));
    if (area === 'bundle' || area === 'schoolYear') fields[area] ??= detail;
    else if ((area === 'params' || area === 'files') && name !== '') fields[`${area}/${name}`] ??= detail;
    else rest.push(detail);
  }
  return { fields, rest };
}
