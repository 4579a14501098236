import { PyDict, orElse, type Value } from '../python/values';
import type { ByteOutput } from './byte-output';
import { RenderContext, type Lookup } from './context';
import type { Sink } from './emitter';
import { jinjaGlobals } from './globals';
import { Linker } from './linker';
import { SourceText, type LineStart, type TemplateSource } from './source';
import { buildExpression, buildUnit, slotsByName, type CompiledUnit, type RowColumn, type RowLayout } from './unit';

export { ByteOutput } from './byte-output';
export { TemplateError, type Position } from './errors';
export type { LineStart, TemplateSource } from './source';

export interface CompileOptions {
  /** Named in errors. */
  readonly file: string;
  /** As in `TemplateSource`. */
  readonly line?: number | undefined;
  readonly lines?: readonly LineStart[] | undefined;
  /**
   * Texts (such as a project's macros) that are put directly before the source, as if they were one text: whitespace control
   * works across the seam. The caller trims them as the reference does.
   */
  readonly prelude?: readonly TemplateSource[];
  /** Make every run of white space in the source (not in the prelude) one blank before compiling. Positions stay those of the file. */
  readonly linearize?: boolean;
  /**
   * Finds the text of `include`, `import` and `from … import`; undefined if there is none of that name. What one loader gives is
   * compiled once for all templates that have it.
   */
  readonly load?: (path: string) => TemplateSource | undefined;
  /** More global names, beside Jinja's own (`range`, `dict`, `namespace`, `joiner`, `cycler`, `lipsum`). */
  readonly globals?: Readonly<Record<string, Value>>;
  /** Where a row has its values, for `renderRow` and `writeRow`. A column hides a global of its name. */
  readonly columns?: readonly RowColumn[];
  /** Changes a value of the row before the template sees it. */
  readonly cast?: (value: Value) => Value;
  /** What to compile for: `renderRow` (default) or `writeRow`. */
  readonly sink?: Sink;
  /**
   * What `__row_data__` is for rows: a dict of the row (`plain`, in operations), the same with itself as its last
   * entry (`recursive`, in destinations), or no name of its own (default).
   */
  readonly rowData?: 'plain' | 'recursive';
}

/** Gives a variable's value, or undefined if there is none. */
export type ContextLookup = Lookup;

export type Context = Readonly<Record<string, Value>> | ReadonlyMap<string, Value> | ContextLookup;

/** What a template can read, for leaving out columns: undefined when it can read any (`__row_data__`, `resolve`, an include by a computed name …). */
export type ReadVariables = ReadonlySet<string> | undefined;

export interface Template {
  readonly variables: ReadVariables;
  /** @throws TemplateError */
  render(context: Context): string;
  /** Renders one row. @throws TemplateError */
  renderRow(row: readonly Value[]): string;
  /** Renders one row into an output; after an error a part of it is there. @throws TemplateError */
  writeRow(row: readonly Value[], output: ByteOutput): void;
}

export interface Expression {
  readonly variables: ReadVariables;
  /** The value of the expression; JavaScript's undefined never comes out, Jinja's may. @throws TemplateError */
  evaluate(context: Context): Value;
}

/** @throws TemplateError if the source is no template. */
export function compileTemplate(source: string, options: CompileOptions): Template {
  const text = sourceText(source, options);
  const linker = linkerOf(options);
  const { columns } = options;
  const byRow = columns && buildUnit(text, { linker, module: false, rowLayout: rowLayout(columns, options) });
  // A template that is only given rows is not compiled a second time.
  let byName: CompiledUnit | undefined;
  const unitByName = (): CompiledUnit => (byName ??= buildUnit(text, { linker, module: false, rowLayout: undefined }));
  const unit = byRow ?? unitByName();
  const runRow = (row: readonly Value[], sink: Sink, output: ByteOutput | undefined): string => {
    if (!byRow || (options.sink ?? 'text') !== sink) {
      throw new Error(`the template is not compiled for rows and ${sink}`);
    }
    return byRow.renderRow(row, byRow.needsContext ? new RenderContext(lookupIn(row), byRow.blockVersions()) : undefined, output);
  };
  const lookupIn = contextOfRows(columns ?? [], options.cast, linker.globals);
  return {
    variables: unit.variables,
    render(context) {
      const lookup = lookupOf(context);
      const target = unitByName();
      return target.render(new RenderContext((name) => orElse(lookup(name), linker.globals(name)), target.blockVersions()));
    },
    renderRow: (row) => runRow(row, 'text', undefined),
    writeRow: (row, output) => void runRow(row, 'bytes', output),
  };
}

/** Makes a row's values, and then the globals, known by name. */
function contextOfRows(
  columns: readonly RowColumn[],
  cast: CompileOptions['cast'],
  globals: ContextLookup,
): (row: readonly Value[]) => ContextLookup {
  return (row) => (name) => {
    const value = row[slotsByName(columns).get(name) ?? -1];
    return value === undefined ? globals(name) : cast ? cast(value) : value;
  };
}

/** Compiles an expression alone, as between `{{` and `}}`. @throws TemplateError */
export function compileExpression(source: string, options: CompileOptions): Expression {
  const compiled = buildExpression(sourceText(source, options), linkerOf(options));
  return { variables: compiled.variables, evaluate: (context) => compiled.evaluate(lookupOf(context)) };
}

function sourceText(source: string, { file, line, lines, prelude = [], linearize = false }: CompileOptions): SourceText {
  return new SourceText([...prelude.map((piece) => ({ ...piece, linearize: false })), { source, file, line, lines, linearize }]);
}

/** The linkers of templates that have the same loader and globals are one, so that what many of them import is compiled once. */
const linkers = new WeakMap<NonNullable<CompileOptions['load']>, { globals: CompileOptions['globals']; linker: Linker }>();

function linkerOf(options: CompileOptions): Linker {
  const { load, globals } = options;
  const known = load && linkers.get(load);
  if (known !== undefined && known.globals === globals) {
    return known.linker;
  }
  const linker = new Linker(load, globalsOf(options));
  if (load !== undefined) {
    linkers.set(load, { globals, linker });
  }
  return linker;
}

function globalsOf({ globals = {} }: CompileOptions): ContextLookup {
  const own = new Map(Object.entries(globals));
  return (name) => orElse(own.get(name), jinjaGlobals.get(name));
}

/** A context's own names only: what JavaScript objects inherit is none of a template's business. */
function lookupOf(context: Context): ContextLookup {
  if (typeof context === 'function') {
    return context;
  }
  if (context instanceof Map) {
    return (name) => context.get(name) as Value | undefined;
  }
  const own = new Map(Object.entries(context as Readonly<Record<string, Value>>));
  return (name) => own.get(name);
}

function rowLayout(columns: readonly RowColumn[], { cast, rowData, sink = 'text' }: CompileOptions): RowLayout {
  const toDict = (row: readonly Value[]): PyDict => {
    const dict = new PyDict();
    for (const { name, slot } of columns) {
      const value = row[slot] ?? null;
      dict.set(name, cast ? cast(value) : value);
    }
    return rowData === 'recursive' ? dict.set('__row_data__', dict) : dict;
  };
  return { columns, cast, rowData: rowData && toDict, sink };
}
