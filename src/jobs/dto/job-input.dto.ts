import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Allow, IsOptional } from 'class-validator';
import { IsBundlePath, IsSchoolYear } from '../../platform/http/dto/field-rules';
import type { ShapeChecked } from '../../platform/http/validation.pipe';
import { pointerToken, type ProblemDetail } from '../../platform/problem/problem';
import type { CreateJobCommand, NewJobFile } from '../commands';

/** An input file with more than its name. */
export class JobFileDto {
  /** The file's name, for people. */
  @ApiProperty({ example: 'results.csv', minLength: 1, maxLength: 255 })
  name: string;

  /** Bytes; S3 then takes only a file of this length. */
  @ApiPropertyOptional({ example: 48211, type: 'integer', minimum: 1 })
  size?: number;

  /** SHA-256 in lower-case hex; S3 then takes only a file with this checksum. */
  @ApiPropertyOptional({
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    pattern: '^[0-9a-f]{64}$',
  })
  sha256?: string;
}

/** What a new job is made of, whichever front it comes by. */
@ApiExtraModels(JobFileDto)
export class JobInputDto implements ShapeChecked {
  /** The bundle's path in the registry. */
  @ApiProperty({ example: 'assessments/Harbor_Reading', maxLength: 255 })
  @IsBundlePath()
  bundle: string;

  /** The year in which the school year ends: "2026" is 2025–26. */
  @ApiProperty({ example: '2026' })
  @IsSchoolYear()
  schoolYear: string;

  /**
   * The files that will be uploaded: the bundle's env_var, and a file name, or an object with the name, `size` and `sha256`, of which
   * S3 then refuses any other content.
   */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { $ref: getSchemaPath(JobFileDto) }] },
    example: { INPUT_FILE: 'sample_results.csv', ROSTER_FILE: 'sample_roster.csv' },
  })
  @Allow()
  files: Record<string, string | JobFileDto>;

  /** The bundle's parameters, by env_var. `API_YEAR` is set from `schoolYear`. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: {} })
  @IsOptional()
  params?: Record<string, string>;

  shapeFaults(): ProblemDetail[] {
    const faults: ProblemDetail[] = [];
    const files: unknown = this.files;
    const params: unknown = this.params;
    if (!isRecord(files)) faults.push(fault(['files'], 'files must be an object of file names by env_var'));
    else for (const [envVar, file] of Object.entries(files)) faults.push(...fileFaults(envVar, file));
    if (params !== undefined && !isRecord(params))
      faults.push(fault(['params'], 'params must be an object of strings by env_var'));
    else
      for (const [envVar, value] of Object.entries(params ?? {}))
        if (typeof value !== 'string') faults.push(fault(['params', envVar], 'must be a string'));
    return faults;
  }

  toInput(): Pick<CreateJobCommand, 'bundle' | 'schoolYear' | 'files' | 'params'> {
    return {
      bundle: this.bundle,
      schoolYear: this.schoolYear,
      files: Object.fromEntries(Object.entries(this.files).map(([envVar, file]) => [envVar, toNewFile(file)])),
      params: this.params ?? {},
    };
  }
}

function fileFaults(envVar: string, file: unknown): ProblemDetail[] {
  if (typeof file === 'string') return [];
  if (!isRecord(file))
    return [fault(['files', envVar], 'must be a file name, or an object with name and perhaps size and sha256')];
  const faults: ProblemDetail[] = [];
  for (const key of Object.keys(file))
    if (!['name', 'size', 'sha256'].includes(key))
      faults.push({ ...fault(['files', envVar, key], `${key} is not known here`), code: 'unknown_field' });
  const { name, size, sha256 } = file;
  if (typeof name !== 'string') faults.push(fault(['files', envVar, 'name'], 'must be a string'));
  if (size !== undefined && !(Number.isSafeInteger(size) && (size as number) > 0))
    faults.push(fault(['files', envVar, 'size'], 'must be a whole number of bytes, at least 1'));
  if (sha256 !== undefined && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)))
    faults.push(fault(['files', envVar, 'sha256'], 'must be 64 hexadecimal digits in lower case'));
  return faults;
}

function toNewFile(file: string | JobFileDto): NewJobFile {
  return typeof file === 'string'
    ? { name: file, nameIsProperty: false, size: null, sha256: null }
    : { name: file.name, nameIsProperty: true, size: file.size ?? null, sha256: file.sha256 ?? null };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fault = (path: readonly string[], detail: string): ProblemDetail => ({
  pointer: path.map((name) => `/${pointerToken(name)}`).join(''),
  code: 'invalid_request',
  detail,
});
