import type { Bundle, BundleFile, BundleParam } from './bundle';
import { fileNameFault, normalizeFileName } from './file-name';

/** What a job gives its bundle. Keys are the bundle's `env_var`s; any own key counts, whatever it is called. */
export interface JobInput {
  /** The four-digit end year. */
  readonly schoolYear: string;
  readonly files: Readonly<Record<string, JobInputFile>>;
  readonly params: Readonly<Record<string, string>>;
}

export interface JobInputFile {
  readonly name: string;
  /** The name was given as the `name` of an object, not as the file's whole value; a fault points there. */
  readonly nameIsProperty?: boolean;
}

/** In the order in which they decide a request's top-level code. */
const CODES = [
  'missing_required_params',
  'invalid_param_values',
  'unexpected_params',
  'missing_required_files',
  'unexpected_files',
  'invalid_file_name',
  'unsupported_file_type',
] as const;

export type InputFaultCode = (typeof CODES)[number];

export interface InputFault {
  readonly code: InputFaultCode;
  /** Where it is: `params` or `files`, the key, and for the name in an object `name`. */
  readonly path: readonly string[];
  /** For people: what is wrong and what is allowed. */
  readonly detail: string;
}

/** Set by the service from the job's school year; every bundle has it, listed or not. */
export const SCHOOL_YEAR_PARAM = 'API_YEAR';
/** The input's column with the student's id: without a roster to match against, how a partner says where the id is. */
export const STUDENT_ID_PARAM: BundleParam = { envVar: 'STUDENT_ID_NAME', displayName: "Column with the student's id", required: false };

export const MAX_PARAM_BYTES = 1024;
/** Values longer than this are of no use in a message. */
const MAX_VALUES_SHOWN = 20;

/**
 * Checks a job's files and parameters against its bundle.
 *
 * @returns every fault, ordered by code and within a code as the bundle, then the input, has them; none: the input is good.
 */
export function validateJobInput(bundle: Bundle, input: JobInput): InputFault[] {
  const faults = [...paramFaults(bundle, input), ...fileFaults(bundle, input)];
  return faults.sort((a, b) => CODES.indexOf(a.code) - CODES.indexOf(b.code));
}

function paramFaults(bundle: Bundle, { params, schoolYear }: JobInput): InputFault[] {
  const faults: InputFault[] = [];
  const fault = (code: InputFaultCode, name: string, detail: string): void => {
    faults.push({ code, path: ['params', name], detail });
  };
  const known = new Map<string, BundleParam>(bundle.params.map((param) => [param.envVar, param]));
  if (bundle.acceptsStudentIdName) known.set(STUDENT_ID_PARAM.envVar, STUDENT_ID_PARAM);

  for (const param of known.values()) {
    const isSchoolYear = param.envVar === SCHOOL_YEAR_PARAM;
    const value = ownValue(params, param.envVar) ?? (isSchoolYear ? schoolYear : undefined);
    if (value === undefined) {
      if (param.required) fault('missing_required_params', param.envVar, `${param.envVar} (${param.displayName}) is required`);
      continue;
    }
    const problem = valueFault(value, param);
    if (problem !== null) fault('invalid_param_values', param.envVar, `${param.envVar} ${problem}`);
  }

  const givenYear = ownValue(params, SCHOOL_YEAR_PARAM);
  if (givenYear !== undefined && givenYear !== schoolYear && !faults.some(({ path }) => path[1] === SCHOOL_YEAR_PARAM))
    fault(
      'invalid_param_values',
      SCHOOL_YEAR_PARAM,
      `API_YEAR is set from schoolYear, ${schoolYear}; leave it out, or give the same`,
    );

  for (const name of Object.keys(params)) {
    if (!known.has(name) && name !== SCHOOL_YEAR_PARAM)
      fault('unexpected_params', name, `${bundle.path} has no parameter of this name; it has ${listOf([...known.keys()])}`);
  }
  return faults;
}

function valueFault(value: string, param: BundleParam): string | null {
  if (value === '') return 'must not be empty';
  if (Buffer.byteLength(value) > MAX_PARAM_BYTES) return `must be at most ${MAX_PARAM_BYTES} bytes in UTF-8`;
  if (param.allowedValues && !param.allowedValues.includes(value)) return `must be one of ${listOf(param.allowedValues)}`;
  return null;
}

function fileFaults(bundle: Bundle, { files }: JobInput): InputFault[] {
  const faults: InputFault[] = [];
  const known = new Map<string, BundleFile>(bundle.files.map((file) => [file.envVar, file]));
  for (const { envVar, displayName, required } of known.values()) {
    if (required && ownValue(files, envVar) === undefined)
      faults.push({ code: 'missing_required_files', path: ['files', envVar], detail: `${envVar} (${displayName}) is required` });
  }
  for (const [envVar, given] of Object.entries(files)) {
    const file = known.get(envVar);
    if (!file) {
      const detail = `${bundle.path} has no file of this name; it has ${listOf([...known.keys()])}`;
      faults.push({ code: 'unexpected_files', path: ['files', envVar], detail });
    }
    const path = ['files', envVar, ...(given.nameIsProperty ? ['name'] : [])];
    const name = normalizeFileName(given.name);
    const problem = fileNameFault(name);
    if (problem !== null) faults.push({ code: 'invalid_file_name', path, detail: `The file name ${problem}` });
    // Nothing, `.` and `..` are no names, which was said.
    if (file && !/^\.{0,2}$/.test(name) && !hasFileType(name, file.fileTypes)) {
      const detail = `The file name must end in ${listOf(file.fileTypes.map((type) => `.${type}`))}`;
      faults.push({ code: 'unsupported_file_type', path, detail });
    }
  }
  return faults;
}

/** A name that is nothing but an extension, such as `.csv`, has no extension. */
function hasFileType(name: string, fileTypes: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return fileTypes.some((type) => lower.endsWith(`.${type}`) && lower.length > type.length + 1);
}

/** `__proto__` and `constructor` are keys like any other: what an object merely inherits is not given. */
function ownValue<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function listOf(values: readonly string[]): string {
  if (values.length === 0) return 'none';
  const more = values.length - MAX_VALUES_SHOWN;
  return values.slice(0, MAX_VALUES_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
