import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsOptional, MaxLength } from 'class-validator';
import type { DescribedBundle } from '../../../bundles/bundle-catalog';
import type { ExpectedColumns } from '../../../bundles/expected-columns';
import type { LastSettings } from '../../../jobs/tenant-job.queries';
import { ApiMapOf } from '../../../platform/http/dto/api-map-of';

export class ListWebBundlesDto {
  /** What the name, the path or the description has in it, in any case. */
  @ApiPropertyOptional({ maxLength: 100, example: 'reading' })
  @IsOptional()
  @MaxLength(100, { message: 'search must be at most 100 characters' })
  search?: string;
}

/** An input file that a bundle takes. */
export class WebBundleFileDto {
  /** The key in a job's `files`. */
  @ApiProperty({ example: 'INPUT_FILE' })
  envVar: string;

  @ApiProperty({ example: 'Results' })
  displayName: string;

  @ApiProperty({ example: true })
  required: boolean;

  /** File name extensions without the dot; compared without case. */
  @ApiProperty({ type: [String], example: ['csv', 'txt'] })
  fileTypes: string[];
}

/** A parameter that a bundle takes; the school year is none of them. */
export class WebBundleParamDto {
  /** The key in a job's `params`. */
  @ApiProperty({ example: 'TEST_TYPE' })
  envVar: string;

  @ApiProperty({ example: 'Test type' })
  displayName: string;

  @ApiProperty({ example: true })
  required: boolean;

  /** null: any text of 1 to 1,024 bytes. */
  @ApiProperty({ type: [String], nullable: true, example: ['Fall', 'Spring'] })
  allowedValues: string[] | null;

  /** What the bundle takes where none is given; null where it has none. */
  @ApiProperty({ type: 'string', nullable: true, example: null })
  default: string | null;
}

/** The columns that a file should have; others may be there, too. */
export class ExpectedColumnsDto {
  /** Without one of them the run fails. */
  @ApiProperty({ type: [String], example: ['Student ID', 'Date Taken'] })
  required: string[];

  @ApiProperty({ type: [String], example: ['Comments'] })
  optional: string[];

  static from({ required, optional }: ExpectedColumns): ExpectedColumnsDto {
    return { required: [...required], optional: [...optional] };
  }
}

export class LastSettingsDto {
  @ApiProperty({ example: '2026' })
  schoolYear: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { TEST_TYPE: 'Fall' } })
  params: Record<string, string>;
}

/** A bundle, what a job over it has to give, and what it says of itself. */
export class WebBundleDto {
  /** What a job names it by. */
  @ApiProperty({ example: 'assessments/Harbor_Reading' })
  path: string;

  @ApiProperty({ example: 'Harbor Reading' })
  displayName: string;

  /** Plain text: the beginning of its README. */
  @ApiProperty({ type: 'string', nullable: true, example: 'Results of the Harbor reading assessment.' })
  description: string | null;

  /** The version that a job made now would use. */
  @ApiProperty({ example: 'f8967a1f0c2d4e5b8a9f0e1d2c3b4a5968778695' })
  version: string;

  @ApiProperty({ type: [WebBundleFileDto] })
  files: WebBundleFileDto[];

  @ApiProperty({ type: [WebBundleParamDto] })
  params: WebBundleParamDto[];

  /** Markdown; null where the bundle has none. It comes from outside: show it without its HTML. */
  @ApiProperty({ type: 'string', nullable: true, example: '# Harbor Reading\n\nResults of …' })
  readme: string | null;

  /** By env_var, as far as the bundle's YAML tells without being run; a file of which it tells nothing is left out. */
  @ApiMapOf(ExpectedColumnsDto, { INPUT_FILE: { required: ['Student ID', 'Date Taken'], optional: ['Comments'] } })
  columns: Record<string, ExpectedColumnsDto>;

  /** Of the user's last job over the bundle for the tenant, else of the tenant's last; null where there is none. */
  @ApiProperty({ type: LastSettingsDto, nullable: true })
  lastSettings: LastSettingsDto | null;

  static of(bundle: DescribedBundle, lastSettings: LastSettings | null): WebBundleDto {
    const { readme, columns } = bundle.about;
    return {
      ...WebBundleSummaryDto.from(bundle),
      readme,
      columns: Object.fromEntries(Object.entries(columns).map(([envVar, expected]) => [envVar, ExpectedColumnsDto.from(expected)])),
      lastSettings: lastSettings && { schoolYear: lastSettings.schoolYear, params: { ...lastSettings.params } },
    };
  }
}

/** A bundle as it is chosen. */
export class WebBundleSummaryDto extends OmitType(WebBundleDto, ['readme', 'columns', 'lastSettings'] as const) {
  static from({ path, displayName, version, files, params, about }: DescribedBundle): WebBundleSummaryDto {
    return {
      path,
      displayName,
      description: about.description,
      version,
      files: files.map((file) => ({ ...file, fileTypes: [...file.fileTypes] })),
      params: params.map(({ envVar, displayName: name, required, allowedValues, default: value }) => ({
        envVar,
        displayName: name,
        required,
        allowedValues: allowedValues ? [...allowedValues] : null,
        default: value,
      })),
    };
  }
}

/** The bundles that are enabled for the tenant's partner, in the registry's order. */
export class WebBundleListDto {
  @ApiProperty({ type: [WebBundleSummaryDto] })
  items: WebBundleSummaryDto[];
}
