import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { validate, type ValidationError } from 'class-validator';
import { pointerToken, Problem, type ProblemDetail } from '../problem/problem';
import { findUnsafeText } from './text-hygiene';

/** A DTO whose shape decorators cannot tell whole, such as one with maps, says the rest itself. */
export interface ShapeChecked {
  /** The faults that the decorators do not find; called on the instance that they were applied to. */
  shapeFaults(): ProblemDetail[];
}

type DtoClass = new () => object;
const PRIMITIVES: readonly unknown[] = [String, Number, Boolean, Array, Object];

/**
 * Turns a body or query into its DTO, or refuses it with every fault at once. Unknown fields are faults, so that a typing
 * error is never silently dropped.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (!isDtoClass(metatype) || (type !== 'body' && type !== 'query')) return value;
    const given: unknown = value === undefined ? {} : value;
    const where = type === 'body' ? inBody : inQuery;
    const unsafe = type === 'body' ? findUnsafeText(given) : findUnsafeParameters(given);
    if (unsafe.length > 0) refuse(unsafe);
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      refuse([{ pointer: '', code: 'invalid_request', detail: 'must be a JSON object' }]);
    const { dto, faults } = toDto(metatype, given, where);
    const errors = await validate(dto, {
      whitelist: true,
      forbidNonWhitelisted: true,
      stopAtFirstError: true,
      forbidUnknownValues: false,
    });
    faults.push(...errors.flatMap((error) => toFaults(error, [], where)));
    if (isShapeChecked(dto)) faults.push(...dto.shapeFaults());
    if (faults.length > 0) refuse(faults);
    return dto;
  }
}

/**
 * The DTO with the given values as they are. class-transformer is not used: it loses or falls over keys such as `constructor`.
 * The validator does not see those either, so they are refused here; no field is called so.
 */
function toDto(metatype: DtoClass, given: object, where: Where): { dto: object; faults: ProblemDetail[] } {
  const dto = new metatype();
  const faults: ProblemDetail[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (key in Object.prototype) faults.push(where([key], 'unknown_field', `${key} is not known here`));
    else Object.assign(dto, { [key]: value });
  }
  return { dto, faults };
}

/** The same of a query; a parameter whose name is unsafe is none that is known. */
const findUnsafeParameters = (query: unknown): ProblemDetail[] =>
  Object.entries(query as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    findUnsafeText(value).map(({ code, detail }) => inQuery([name], code, detail)),
  );

type Where = (path: readonly string[], code: ProblemDetail['code'], detail: string) => ProblemDetail;
const inBody: Where = (path, code, detail) => ({ pointer: path.map((name) => `/${pointerToken(name)}`).join(''), code, detail });
const inQuery: Where = (path, _code, detail) => ({ parameter: path.join('.'), code: 'invalid_request', detail });

function toFaults(
  { property, constraints = {}, children = [] }: ValidationError,
  parents: readonly string[],
  where: Where,
): ProblemDetail[] {
  const path = [...parents, property];
  const [name] = Object.keys(constraints);
  const own = name === undefined ? [] : [fault(path, name, constraints[name] ?? '', where)];
  return [...own, ...children.flatMap((child) => toFaults(child, path, where))];
}

function fault(path: readonly string[], constraint: string, message: string, where: Where): ProblemDetail {
  return constraint === 'whitelistValidation'
    ? where(path, 'unknown_field', `${path.at(-1)} is not known here`)
    : where(path, 'invalid_request', message);
}

/** The top-level code is that of the gravest fault: a wrong shape before an unknown field. */
function refuse(errors: ProblemDetail[]): never {
  const code = errors.some((error) => error.code === 'invalid_request') ? 'invalid_request' : 'unknown_field';
  throw new Problem(code, errors.length === 1 ? sentence(errors[0]) : `The request has ${errors.length} faults; see errors.`, {
    errors,
  });
}

const sentence = (error: ProblemDetail | undefined): string =>
  `${error?.pointer || error?.parameter || 'The body'}: ${error?.detail}.`;

const isDtoClass = (metatype: unknown): metatype is DtoClass => typeof metatype === 'function' && !PRIMITIVES.includes(metatype);
const isShapeChecked = (dto: object): dto is ShapeChecked => typeof (dto as Partial<ShapeChecked>).shapeFaults === 'function';
