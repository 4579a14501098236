import type { Value } from '../python/values';

export { TemplateError, type Position } from './errors';

/** A text with the place it comes from. `line` is the line of the file on which the text starts (default 1). */
export interface TemplateSource {
  readonly source: string;
  readonly file: string;
  readonly line?: number;
}

export interface CompileOptions {
  /** Named in errors. */
  readonly file: string;
  /** The line of `file` on which the source starts; default 1. */
  readonly line?: number;
  /**
   * Texts (such as a project's macros) that are put directly before the source, as if they were one text: whitespace control
   * works across the seam. The caller trims them as the reference does.
   */
  readonly prelude?: readonly TemplateSource[];
  /** Make every run of white space in the source (not in the prelude) one blank before compiling. Positions stay those of the file. */
  readonly linearize?: boolean;
  /** Finds the text of `include`, `import` and `from … import`; undefined if there is none of that name. */
  readonly load?: (path: string) => TemplateSource | undefined;
  /** More global names, beside Jinja's own (`range`, `dict`, `namespace`, `joiner`, `cycler`, `lipsum`). */
  readonly globals?: Readonly<Record<string, Value>>;
  /** The names of a row's values, for `renderRow`. A column hides a global of its name. */
  readonly columns?: readonly string[];
  /**
   * What `__row_data__` is for `renderRow`: a dict of the row (`plain`, in operations), the same with itself as its last
   * entry (`recursive`, in destinations), or no name of its own (default).
   */
  readonly rowData?: 'plain' | 'recursive';
}

/** Gives a variable's value, or undefined if there is none. */
export type ContextLookup = (name: string) => Value | undefined;

export type Context = Readonly<Record<string, Value>> | ReadonlyMap<string, Value> | ContextLookup;

/** What a template can read, for leaving out columns: undefined when it can read any (`__row_data__`, `resolve`, an include by a computed name …). */
export type ReadVariables = ReadonlySet<string> | undefined;

export interface Template {
  readonly variables: ReadVariables;
  /** @throws TemplateError */
  render(context: Context): string;
  /** Renders one row, its values in the order of `columns`. @throws TemplateError */
  renderRow(row: readonly Value[]): string;
}

export interface Expression {
  readonly variables: ReadVariables;
  /** The value of the expression; JavaScript's undefined never comes out, Jinja's may. @throws TemplateError */
  evaluate(context: Context): Value;
}

/** @throws TemplateError if the source is no template. */
export declare function compileTemplate(source: string, options: CompileOptions): Template;

/** Compiles an expression alone, as between `{{` and `}}`. @throws TemplateError */
export declare function compileExpression(source: string, options: CompileOptions): Expression;
