import { BundleError, type BundleErrorPlace } from './errors';
import {
  compileTemplate,
  TemplateError,
  type ByteOutput,
  type CompileOptions,
  type LineStart,
  type Template,
  type TemplateSource,
} from './jinja';
import type { BundleFiles } from './project/bundle-files';
import { templateGlobals } from './project/template-globals';
import { doubleOf } from './python/types';
import { pyFloat, type Value } from './python/values';
import type { Column, Layout, Row } from './table';
import { rowMemo, type RowRenderer } from './row-memo';

/** A template for rows of one layout. The row's number is for errors. */
export interface RowTemplate {
  /** The slots that it can read. */
  readonly slots: readonly number[];
  render(row: Row, rowNumber: number): string;
}

/** The same for output: it writes what it gives. */
export interface RowWriter {
  readonly slots: readonly number[];
  write(row: Row, rowNumber: number, output: ByteOutput): void;
}

export interface RowTemplateOptions {
  /** What `__row_data__` is: in destinations it has itself as its last entry. */
  readonly rowData: 'plain' | 'recursive';
  readonly linearize?: boolean;
  /** The folder that includes are looked up in; the bundle's own if none is given. */
  readonly includeFrom?: string;
  /** Where the file's lines are in the source, if it does not start on the place's line or is folded. */
  readonly lines?: readonly LineStart[] | undefined;
  /** Changes a value before the template sees it. */
  readonly cast?: (value: Value) => Value;
}

/** Compiles a project's templates: its macros stand before each, its files can be included. */
export class Templates {
  constructor(
    private readonly files: BundleFiles,
    private readonly macros: readonly TemplateSource[],
  ) {}

  /** @throws BundleError if the template does not compile; rendering, if a row fails */
  forRows(source: string, layout: Layout, place: BundleErrorPlace, options: RowTemplateOptions): RowTemplate {
    const { template, columns } = this.compile(source, layout, place, options, 'text');
    const render: RowRenderer = (row, rowNumber) => {
      try {
        return template.renderRow(row);
      } catch (error) {
        throw templateFailure(error, place, rowNumber);
      }
    };
    const readsAll = template.variables === undefined || options.rowData === 'recursive';
    return { slots: columns.map(({ slot }) => slot), render: readsAll ? render : rowMemo(render, columns) };
  }

  /** @throws BundleError if the template does not compile; writing, if a row fails */
  forOutput(source: string, layout: Layout, place: BundleErrorPlace, options: RowTemplateOptions): RowWriter {
    const { template, columns } = this.compile(source, layout, place, options, 'bytes');
    return {
      slots: columns.map(({ slot }) => slot),
      write: (row, rowNumber, output) => {
        try {
          template.writeRow(row, output);
        } catch (error) {
          throw templateFailure(error, place, rowNumber);
        }
      },
    };
  }

  /** The template, and the columns that it can read. */
  private compile(
    source: string,
    layout: Layout,
    place: BundleErrorPlace,
    options: RowTemplateOptions,
    sink: CompileOptions['sink'],
  ): { template: Template; columns: readonly Column[] } {
    const template = guard(place, () =>
      compileTemplate(source, {
        file: place.file ?? '',
        line: place.line,
        lines: options.lines,
        prelude: this.macros,
        globals: templateGlobals,
        linearize: options.linearize ?? false,
        load: this.files.templatesIn(options.includeFrom ?? this.files.directory),
        columns: layout.columns,
        cast: castFor(layout, options.cast),
        rowData: options.rowData,
        sink,
      }),
    );
    const { variables } = template;
    const columns = variables === undefined ? layout.columns : layout.columns.filter((column) => variables.has(column.name));
    return { template, columns };
  }

  /**
   * A test of rows against an `expect` expression. The reference fails the rows for which it prints exactly `False`, and
   * gives it neither macros nor the added globals.
   */
  expectation(source: string, layout: Layout, place: BundleErrorPlace): (row: Row) => boolean {
    const template = guard(place, () =>
      compileTemplate(`{{${source}}}`, {
        file: place.file ?? '',
        line: place.line,
        columns: layout.columns,
        cast: castFor(layout),
        rowData: 'plain',
      }),
    );
    return (row) => guard(place, () => template.renderRow(row)) !== 'False';
  }
}

/** Whether the reference takes a setting's text for a template. */
export function containsJinja(text: string): boolean {
  return (
    (text.includes('{{') && text.includes('}}')) ||
    (text.includes('{%') && text.includes('%}')) ||
    (text.includes('{#') && text.includes('#}'))
  );
}

/** How a template sees the values of rows. pandas hands a row of ints and floats over as floats. */
function castFor(layout: Layout, cast?: (value: Value) => Value): ((value: Value) => Value) | undefined {
  if (!showsIntsAsFloats(layout)) {
    return cast;
  }
  return cast === undefined ? asFloat : (value) => cast(asFloat(value));
}

function showsIntsAsFloats(layout: Layout): boolean {
  const types = new Set(layout.columns.map((column) => column.type));
  return types.size === 2 && types.has('int') && types.has('float');
}

function asFloat(value: Value): Value {
  return typeof value === 'number' || typeof value === 'bigint' ? pyFloat(doubleOf(value)) : value;
}

function guard<T>(place: BundleErrorPlace, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw templateFailure(error, place, undefined);
  }
}

function templateFailure(error: unknown, place: BundleErrorPlace, row: number | undefined): unknown {
  return error instanceof TemplateError
    ? new BundleError('template_failed', error.detail, { ...place, file: error.file, line: error.line, row }, { cause: error })
    : error;
}
