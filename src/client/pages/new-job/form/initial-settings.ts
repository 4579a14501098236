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

/** Set by the server from the school year. */
const SCHOOL_YEAR_PARAM = 'API_YEAR';

/** The parameters that a person fills in. */
export const paramsToFill = <P extends { readonly envVar: string }>(params: readonly P[]): P[] =>
  params.filter(({ envVar }) => envVar !== SCHOOL_YEAR_PARAM);

/**
 * What the form of a bundle begins with: the last job's settings, as far as they are still allowed, then the bundle's defaults. The only
 * school year that there is need not be chosen.
 */
export function initialSettings(params: readonly ParamSlot[], schoolYears: readonly string[], last: Settings | null): Settings {
  const onlyYear = schoolYears.length === 1 ? (schoolYears[0] ?? '') : '';
  const schoolYear = last && schoolYears.includes(last.schoolYear) ? last.schoolYear : onlyYear;
  const values = paramsToFill(params).flatMap(({ envVar, allowedValues, default: fallback }) => {
    const value = last?.params[envVar] ?? fallback;
    return value !== null && (!allowedValues || allowedValues.includes(value)) ? [[envVar, value] as const] : [];
  });
  return { schoolYear, params: Object.fromEntries(values) };
}
