import type { ProblemError } from '../../../api/problem';

/** What the server refused of a form: each fault at its field, by the form's own names, and the rest for the form's head. */
export interface FormFaults {
  readonly fields: Readonly<Record<string, string>>;
  readonly rest: string | null;
}

/**
 * @param fields the form's names, which are those of the body's members
 * @param codes the field that a problem without a place is about, by the problem's code
 */
export function formFaults(
  { code, detail, errors }: Pick<ProblemError, 'code' | 'detail' | 'errors'>,
  fields: readonly string[],
  codes: Readonly<Record<string, string>> = {},
): FormFaults {
  const faults: Record<string, string> = {};
  const rest: string[] = [];
  for (const { pointer, detail: text } of errors) {
    const field = fieldOf(pointer);
    if (!fields.includes(field)) rest.push(text);
    else faults[field] ??= text;
  }
  if (errors.length > 0) return { fields: faults, rest: rest.length > 0 ? rest.join(' ') : null };
  const field = codes[code];
  return field === undefined ? { fields: {}, rest: detail } : { fields: { [field]: detail }, rest: null };
}

/** The member of the body that a JSON pointer (RFC 6901) goes into. */
function fieldOf(pointer: string | undefined): string {
  const [, first = ''] = (pointer ?? '').split('/');
  return first.replace(/~1/g, '/').replace(/~0/g, '~');
}
