import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS, problemStatus, problemType, type ProblemCode } from './problem-codes';
import type { ProblemDetailDto, ProblemDto } from './problem.dto';

const REQUEST_ID = '01935e2a-7c1e-7d3a-9f27-5d1f0c7f2a41';

/** What most callers meet, as they meet it; of the others an example has the title. */
const DETAILS: Partial<Record<ProblemCode, Pick<ProblemDto, 'detail' | 'errors'>>> = {
  malformed_json: { detail: 'The body is not valid JSON. It must be an object, in UTF-8.' },
  invalid_request: at({ pointer: '/schoolYear', detail: 'must be four digits' }, 'invalid_request'),
  unknown_field: at({ pointer: '/tennant', detail: 'is not known here' }, 'unknown_field'),
  missing_required_params: at({ pointer: '/params/TEST_TYPE', detail: 'is required' }, 'missing_required_params'),
  invalid_param_values: at({ pointer: '/params/TEST_TYPE', detail: 'must be one of: A, B' }, 'invalid_param_values'),
  unexpected_params: at({ pointer: '/params/TEST_TIPE', detail: 'is no parameter of the bundle' }, 'unexpected_params'),
  missing_required_files: at({ pointer: '/files/INPUT_FILE', detail: 'is required' }, 'missing_required_files'),
  unexpected_files: at({ pointer: '/files/INPUT', detail: 'is no file of the bundle' }, 'unexpected_files'),
  invalid_cursor: at({ parameter: 'cursor', detail: 'is not one of this list' }, 'invalid_cursor'),
  files_missing: at({ pointer: '/files/INPUT_FILE', detail: 'results.csv has not been uploaded' }, 'files_missing'),
  files_empty: at({ pointer: '/files/INPUT_FILE', detail: 'results.csv is empty' }, 'files_empty'),
};

function at(place: Omit<ProblemDetailDto, 'code'>, code: ProblemCode): Pick<ProblemDto, 'detail' | 'errors'> {
  return { detail: `${place.pointer ?? place.parameter}: ${place.detail}.`, errors: [{ ...place, code }] };
}

/** An answer with a problem, for the documentation. */
export function problemExample(code: ProblemCode, inPath: boolean): { summary: string; value: ProblemDto } {
  const { title } = PROBLEMS[code];
  const { detail, errors } = DETAILS[code] ?? { detail: `${title}.` };
  const status = problemStatus(code, inPath);
  const type = problemType(code);
  return { summary: title, value: { type, title, status, detail, code, requestId: REQUEST_ID, ...(errors ? { errors } : {}) } };
}

/** Gives every answer of an error the media type of RFC 9457, and moves the examples of problems to where the document has each once. */
export function describeProblems(document: OpenAPIObject): void {
  const examples: Record<string, object> = {};
  for (const response of Object.values(document.paths).flatMap(responsesOf)) {
    const { 'application/json': answer, ...rest } = response.content ?? {};
    if (!answer?.examples) continue;
    response.content = { ...rest, 'application/problem+json': answer };
    for (const [code, example] of Object.entries(answer.examples)) {
      const { status } = (example as ReturnType<typeof problemExample>).value;
      const name = status === PROBLEMS[code as ProblemCode].status ? code : `${code}.${status}`;
      examples[name] = example;
      answer.examples[code] = { $ref: `#/components/examples/${name}` };
    }
  }
  document.components = { ...document.components, examples };
}

/** Those of errors. */
function responsesOf(item: OpenAPIObject['paths'][string]) {
  const operations = Object.values(item) as NonNullable<typeof item.get>[];
  return operations
    .flatMap(({ responses }) => Object.entries(responses))
    .flatMap(([status, response]) => (status >= '400' && response && !('$ref' in response) ? [response] : []));
}
