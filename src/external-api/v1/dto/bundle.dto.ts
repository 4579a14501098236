import { ApiProperty } from '@nestjs/swagger';
import type { CatalogBundle } from '../../../bundles/bundle-catalog';

/** An input file that a bundle takes. */
export class BundleFileDto {
  /** The key in a job's `files`. */
  @ApiProperty({ example: 'INPUT_FILE' })
  envVar: string;

  /** For people. */
  @ApiProperty({ example: 'Results' })
  displayName: string;

  @ApiProperty({ example: true })
  required: boolean;

  /** File name extensions without the dot; compared without case. */
  @ApiProperty({ type: [String], example: ['csv', 'txt'] })
  fileTypes: string[];
}

/** A parameter that a bundle takes. */
export class BundleParamDto {
  /** The key in a job's `params`. */
  @ApiProperty({ example: 'TEST_TYPE' })
  envVar: string;

  /** For people. */
  @ApiProperty({ example: 'Test type' })
  displayName: string;

  @ApiProperty({ example: true })
  required: boolean;

  /** null: any text of 1 to 1,024 bytes. */
  @ApiProperty({ type: [String], nullable: true, example: ['Fall', 'Spring'] })
  allowedValues: string[] | null;
}

/** JSON Schema 2020-12 documents for a job's `files` and `params`. */
export class BundleSchemaDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { INPUT_FILE: { title: 'Results', anyOf: [{ type: 'string' }, { type: 'object' }] } },
      required: ['INPUT_FILE'],
      additionalProperties: false,
    },
  })
  files: Record<string, unknown>;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { TEST_TYPE: { title: 'Test type', type: 'string', enum: ['Fall', 'Spring'] } },
      required: ['TEST_TYPE'],
      additionalProperties: false,
    },
  })
  params: Record<string, unknown>;
}

/** A bundle, and what a job over it has to give. */
export class BundleDto {
  /** What a job names it by. */
  @ApiProperty({ example: 'assessments/Harbor_Reading' })
  path: string;

  /** For people. */
  @ApiProperty({ example: 'Harbor Reading' })
  displayName: string;

  /** The version that a job made now would use. */
  @ApiProperty({ example: 'f8967a1f0c2d4e5b8a9f0e1d2c3b4a5968778695' })
  version: string;

  @ApiProperty({ type: [BundleFileDto] })
  files: BundleFileDto[];

  @ApiProperty({ type: [BundleParamDto] })
  params: BundleParamDto[];

  @ApiProperty({ type: BundleSchemaDto })
  schema: BundleSchemaDto;

  static from({ path, displayName, version, files, params, schema }: CatalogBundle): BundleDto {
    return {
      path,
      displayName,
      version,
      files: files.map(({ envVar, displayName: name, required, fileTypes }) => ({
        envVar,
        displayName: name,
        required,
        fileTypes: [...fileTypes],
      })),
      params: params.map(({ envVar, displayName: name, required, allowedValues }) => ({
        envVar,
        displayName: name,
        required,
        allowedValues: allowedValues ? [...allowedValues] : null,
      })),
      schema: { ...schema },
    };
  }
}

/** The bundles that the token's partners may use, in the registry's order. */
export class BundleListDto {
  @ApiProperty({ type: [BundleDto] })
  items: BundleDto[];
}
