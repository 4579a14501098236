import { BundleError, type BundleErrorPlace } from './errors';
import { compileTemplate, TemplateError, type CompileOptions, type Template, type TemplateSource } from './jinja';
import type { BundleFiles } from './project/bundle-files';
import { templateGlobals } from './project/template-globals';
import { doubleOf } from './python/types';
import { pyFloat, type Value } from './python/values';
import type { Column, Layout, Row } from './table';
import { rowMemo } from './row-memo';

/** Renders a row to a text; the row's number is for errors. */
export type RowRenderer = (row: Row, rowNumber: number) => string;

export interface RowTemplateOptions {
  /** What `__row_data__` is: in destinations it has itself as its last entry. */
  readonly rowData: 'plain' | 'recursive';
  readonly linearize?: boolean;
  /** The folder that includes are looked up in; the bundle's own if none is given. */
  readonly includeFrom?: string;
  /** Changes a value before the template sees it. */
  readonly cast?: (value: Value) => Value;
}

/** Compiles a project's templates: its macros stand before each, its files can be included. */
export class Templates {
  constructor(
    private readonly files: BundleFiles,
    private readonly macros: readonly TemplateSource[],
  ) {}

  /** A renderer of rows of this layout. @throws BundleError if the template does not compile; the renderer, if a row fails */
  forRows(source: string, layout: Layout, place: BundleErrorPlace, options: RowTemplateOptions): RowRenderer {
    const common: CompileOptions = {
      file: place.file ?? '',
      line: place.line,
      prelude: this.macros,
      globals: templateGlobals,
      linearize: options.linearize ?? false,
      load: this.loaderFor(options.includeFrom ?? this.files.directory),
    };
    const variables = guard(place, undefined, () => compileTemplate(source, { ...common, rowData: options.rowData })).variables;
    const columns = variables === undefined ? layout.columns : layout.columns.filter((column) => variables.has(column.name));
    const names = columns.map((column) => column.name);
    const template = guard(place, undefined, () =>
      compileTemplate(source, { ...common, columns: names, rowData: options.rowData }),
    );
    const project = projection(columns, layout, options.cast);
    const render: RowRenderer = (row, rowNumber) => renderRow(template, project(row), place, rowNumber);
    return variables === undefined || options.rowData === 'recursive' ? render : rowMemo(render, columns);
  }

  /**
   * A test of rows against an `expect` expression. The reference fails the rows for which it prints exactly `False`, and
   * gives it neither macros nor the added globals.
   */
  expectation(source: string, layout: Layout, place: BundleErrorPlace): (row: Row) => boolean {
    const names = layout.columns.map((column) => column.name);
    const template = guard(place, undefined, () =>
      compileTemplate(`{{${source}}}`, { file: place.file ?? '', line: place.line, columns: names, rowData: 'plain' }),
    );
    const project = projection(layout.columns, layout);
    return (row) => guard(place, undefined, () => template.renderRow(project(row))) !== 'False';
  }

  private loaderFor(directory: string): (name: string) => TemplateSource | undefined {
    return (name) => {
      const template = this.files.readTemplate(name, directory);
      return template === undefined ? undefined : { source: template.text, file: template.file.label };
    };
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

/** The values a template sees. pandas hands a row of ints and floats over as floats. */
function projection(columns: readonly Column[], layout: Layout, cast?: (value: Value) => Value): (row: Row) => readonly Value[] {
  const slots = columns.map((column) => column.slot);
  if (showsIntsAsFloats(layout)) {
    return (row) => slots.map((slot) => (cast ?? identity)(asFloat(row[slot] as Value)));
  }
  if (cast !== undefined) {
    return (row) => {
      const values: Value[] = [];
      for (const slot of slots) {
        const value = row[slot] as Value;
        values.push(typeof value === 'string' ? value : cast(value));
      }
      return values;
    };
  }
  if (slots.length === layout.width && slots.every((slot, index) => slot === index)) {
    return (row) => row;
  }
  return (row) => slots.map((slot) => row[slot] as Value);
}

const identity = (value: Value): Value => value;

function showsIntsAsFloats(layout: Layout): boolean {
  const types = new Set(layout.columns.map((column) => column.type));
  return types.size === 2 && types.has('int') && types.has('float');
}

function asFloat(value: Value): Value {
  return typeof value === 'number' || typeof value === 'bigint' ? pyFloat(doubleOf(value)) : value;
}

function renderRow(template: Template, row: readonly Value[], place: BundleErrorPlace, rowNumber: number): string {
  try {
    return template.renderRow(row);
  } catch (error) {
    throw templateFailure(error, place, rowNumber);
  }
}

function guard<T>(place: BundleErrorPlace, rowNumber: number | undefined, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw templateFailure(error, place, rowNumber);
  }
}

function templateFailure(error: unknown, place: BundleErrorPlace, row: number | undefined): unknown {
  return error instanceof TemplateError
    ? new BundleError('template_failed', error.detail, { ...place, file: error.file, line: error.line, row }, { cause: error })
    : error;
}
