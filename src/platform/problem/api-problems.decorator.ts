import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { PROBLEMS, problemStatus, type ProblemCode } from './problem-codes';
import { problemExample } from './problem-examples';
import { ProblemDto } from './problem.dto';

/** Documents the problems that an operation can answer. Codes of one status, also from several decorators, share a response. */
export function ApiProblems(...codes: readonly ProblemCode[]): MethodDecorator {
  return applyDecorators(ApiExtraModels(ProblemDto), ...codes.map((code) => response(code, false)));
}

/** The same for what the path names. */
export function ApiPathProblem(code: ProblemCode): MethodDecorator {
  return applyDecorators(ApiExtraModels(ProblemDto), response(code, true));
}

function response(code: ProblemCode, inPath: boolean): MethodDecorator {
  const status = problemStatus(code, inPath);
  const { title } = PROBLEMS[code];
  return ApiResponse({
    status,
    // Descriptions of the same status are put one below the other.
    description: `\`${code}\`: ${title}.`,
    // Under the media type of other answers until `describeProblems`: Nest puts examples together for that one alone.
    schema: { $ref: getSchemaPath(ProblemDto) },
    examples: { [code]: problemExample(code, inPath) },
    headers: headersOf(code, status),
  });
}

/** Of the answers of 401 and 403, those that are about a bearer token. */
const WITH_CHALLENGE: readonly ProblemCode[] = [
  ...(['token_missing', 'token_invalid', 'token_expired'] as const),
  ...(['insufficient_scope', 'partner_not_allowed', 'client_missing'] as const),
];

function headersOf(
  code: ProblemCode,
  status: number,
): Record<string, { description: string; schema: { type: 'string' | 'integer' } }> | undefined {
  if (WITH_CHALLENGE.includes(code)) return challenge('The challenge of RFC 6750.');
  if (code === 'not_signed_in') return challenge('`Session realm="slipway"`: a session is needed, which signing in gives.');
  if (status === 429 || status === 503) return { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } };
  return undefined;
}

const challenge = (description: string) => ({ 'WWW-Authenticate': { description, schema: { type: 'string' as const } } });
