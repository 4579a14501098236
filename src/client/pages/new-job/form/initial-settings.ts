/** One of the bundle's parameters, as far as a form has to know it. */
export interface ParamSlot {
  readonly envVar: string;
  readonly displayName: string;
  readonly required: boolean;
  /** null: any text. */
  readonly allowedValues: readonly string[] | null;
  readonly default: string | null;
}

export interface Settings {
  /** The four-digit end year; empty where none is chosen. */
  readonly schoolYear: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A form that is not filled in: the bundle's defaults count. */
export const NO_SETTINGS: Settings = { schoolYear: '', params: {} };

/** Set by the server from the school year. */
const SCHOOL_YEAR_PARAM = 'API_YEAR';

/** The parameters that a person fills in. */
export const paramsToFill = <P extends { readonly envVar: string }>(params: readonly P[]): P[] =>
  params.filter(({ envVar }) => envVar !== SCHOOL_YEAR_PARAM);

/**
 * What the form of a bundle shows: what is filled in or was in the last job, as far as it is allowed here, then the bundle's defaults. The
 * only school year that there is need not be chosen.
 */
export function initialSettings(params: readonly ParamSlot[], schoolYears: readonly string[], filled: Settings | null): Settings {
  const onlyYear = schoolYears.length === 1 ? (schoolYears[0] ?? '') : '';
  const schoolYear = filled && schoolYears.includes(filled.schoolYear) ? filled.schoolYear : onlyYear;
  const values = paramsToFill(params).flatMap(({ envVar, allowedValues, default: fallback }) => {
    // What was emptied stays empty: the default must not come back when another field is filled in.
    const isAllowed = (value: string): boolean => value === '' || !allowedValues || allowedValues.includes(value);
    const value = [filled?.params[envVar], fallback].find((candidate) => typeof candidate === 'string' && isAllowed(candidate));
    return typeof value === 'string' ? [[envVar, value] as const] : [];
  });
  return { schoolYear, params: Object.fromEntries(values) };
}
