import type { Value } from '../python/values';
import { Undefined, orElse } from '../python/values';
import type { Expression, Statement } from './ast';
import type { ByteOutput } from './byte-output';
import { Codegen } from './codegen';
import type { BlockFunction, RenderContext } from './context';
import type { Sink } from './emitter';
import { TemplateError, locateError, type Position } from './errors';
import { ExpressionCodegen } from './expression-codegen';
import { tokenize, tokenizeExpression } from './lexer';
import type { Linker } from './linker';
import { parseExpression, parseTemplate } from './parser';
import { readsContext } from './reads-context';
import { readsRowDataByKeys } from './row-data';
import { runtime } from './runtime';
import { Scope } from './scope';
import { NotStatic, StaticLists } from './static-lists';
import type { SourceText } from './source';
import { UnitBuilder, type Slots } from './unit-builder';
import { withoutUnusedMacros } from './unused-macros';
import { allExpressions, allStatements } from './walk';

/** Where a row has the values of names. */
export interface RowLayout {
  readonly columns: readonly RowColumn[];
  readonly cast: ((value: Value) => Value) | undefined;
  readonly rowData: ((row: readonly Value[]) => Value) | undefined;
  readonly sink: Sink;
}

export interface RowColumn {
  readonly name: string;
  readonly slot: number;
}

const columnIndexes = new WeakMap<readonly RowColumn[], ReadonlyMap<string, number>>();

/** The slots by name. Many templates are compiled for one layout, which may be wide. */
export function slotsByName(columns: readonly RowColumn[]): ReadonlyMap<string, number> {
  let slots = columnIndexes.get(columns);
  if (slots === undefined) {
    slots = new Map(columns.map(({ name, slot }) => [name, slot]));
    columnIndexes.set(columns, slots);
  }
  return slots;
}

export interface UnitRequest {
  readonly linker: Linker;
  /** Whether other templates import it. */
  readonly module: boolean;
  /** Where the values of names are in a row; undefined for a template that is given its variables by name. */
  readonly rowLayout: RowLayout | undefined;
}

/** Gives its output, or, if it was compiled to, puts it into the `ByteOutput` and gives an empty text. */
type Root = (row: readonly Value[], context: RenderContext | undefined, output: ByteOutput | undefined) => string;

/** A template as a function. */
export class CompiledUnit {
  constructor(
    private readonly root: Root,
    readonly blocks: ReadonlyMap<string, BlockFunction>,
    readonly needsContext: boolean,
    /** The names of the values that `root` takes as its row. */
    private readonly names: readonly string[],
    /** What it can read of what it is given; undefined for anything. */
    readonly variables: ReadonlySet<string> | undefined,
  ) {}

  blockVersions(): ReadonlyMap<string, readonly BlockFunction[]> {
    return new Map(Array.from(this.blocks, ([name, block]) => [name, [block]]));
  }

  render(context: RenderContext): string {
    return this.root(
      this.names.map((name) => orElse(context.lookup(name), Undefined.named(name))),
      context,
      undefined,
    );
  }

  renderRow(row: readonly Value[], context: RenderContext | undefined, output: ByteOutput | undefined): string {
    return this.root(row, context, output);
  }
}

/** Compiles a template. @throws TemplateError */
export function buildUnit(source: SourceText, request: UnitRequest): CompiledUnit {
  return guarded(source, () => {
    const parsed = parseTemplate(tokenize(source), source);
    const statements = request.rowLayout === undefined ? parsed : withoutUnusedMacros(parsed);
    const { unit, codegen, names, code } = generate(statements, request);
    const { root, blocks, located } = run<{ root: Root; blocks: Map<string, BlockFunction>; located: (error: unknown) => Error }>(
      unit,
      code,
    );
    const safeRoot: Root = (row, context, output) => {
      try {
        return root(row, context, output);
      } catch (error) {
        throw located(error);
      }
    };
    return new CompiledUnit(safeRoot, blocks, codegen.needsContext, names, readableVariables(statements, unit, request));
  });
}

/** Beyond this, a function is so large that V8 does not optimize it; then loops stay loops. */
const maxCodeLength = 250_000;

interface Generated {
  readonly unit: UnitBuilder;
  readonly codegen: Codegen;
  /** The names whose values the code takes as its row, if it is not made for rows of a layout. */
  readonly names: readonly string[];
  readonly code: string;
}

/** Writes the template's code with as many static lists as can be. */
function generate(statements: readonly Statement[], request: UnitRequest): Generated {
  const { linker, module, rowLayout } = request;
  const needsContext = module || readsContext(statements);
  const columns = needsContext || !rowLayout?.rowData ? undefined : slotsByName(rowLayout.columns);
  const rowDataAsColumns = readsRowDataByKeys(statements, (name) => columns?.has(name) ?? false);
  const attempt = (values: ReadonlySet<string> | undefined): Generated => {
    const names: string[] = [];
    const unit = new UnitBuilder(slotsOf(request, names), new StaticLists(statements, values), rowDataAsColumns);
    const codegen = new Codegen(unit, statements, { needsContext, linker, sink: rowLayout?.sink ?? 'text' });
    return { unit, codegen, names, code: codegen.generate() };
  };
  // What is looked up by name is a value; and what is not made for rows is rendered once, which unrolled loops do not pay for.
  if (needsContext || rowLayout === undefined) {
    return attempt(undefined);
  }
  const values = new Set<string>();
  for (;;) {
    try {
      const generated = attempt(values);
      return generated.code.length > maxCodeLength ? attempt(undefined) : generated;
    } catch (error) {
      if (!(error instanceof NotStatic)) {
        throw error;
      }
      error.origins.forEach((origin) => values.add(origin));
    }
  }
}

export interface CompiledExpression {
  readonly variables: ReadonlySet<string> | undefined;
  evaluate(lookup: (name: string) => Value | undefined): Value;
}

/** Compiles an expression alone. @throws TemplateError */
export function buildExpression(source: SourceText, linker: Linker): CompiledExpression {
  return guarded(source, () => {
    const expression = parseExpression(tokenizeExpression(source), source);
    const names: string[] = [];
    const unit = new UnitBuilder(slotsOf({ linker, module: false, rowLayout: undefined }, names), new StaticLists([], undefined));
    const scope = new Scope(undefined);
    scope.analyseExpression(expression);
    for (const variable of scope.own()) {
      unit.setCode(variable, `r[${unit.slots.slot(variable.name) ?? 0}]`);
    }
    const body = unit.emitter.expressionBody(() => new ExpressionCodegen(unit).expression(expression, { scope, soft: false }));
    const evaluate = run<(row: readonly Value[]) => Value>(unit, `return (r) => {\n${body}};`);
    return {
      variables: new Set(names),
      evaluate(lookup) {
        try {
          return evaluate(names.map((name) => orElse(orElse(lookup(name), linker.globals(name)), Undefined.named(name))));
        } catch (error) {
          throw locateError(error, expression.position);
        }
      },
    };
  });
}

/** Turns V8's refusal of a text that nests too deeply into an error of the template. */
function guarded<T>(source: SourceText, build: () => T): T {
  try {
    return build();
  } catch (error) {
    throw locateError(error, source.positionAt(0));
  }
}

/** With a row, names have fixed places. Without, each name that is read gets the next place. */
function slotsOf({ linker, rowLayout }: UnitRequest, names: string[]): Slots {
  if (rowLayout) {
    const places = slotsByName(rowLayout.columns);
    const { cast, rowData } = rowLayout;
    return { slot: (name) => places.get(name), global: linker.globals, cast, rowData };
  }
  return {
    slot: (name) => {
      const known = names.indexOf(name);
      return known >= 0 ? known : names.push(name) - 1;
    },
    global: () => undefined,
    cast: undefined,
    rowData: undefined,
  };
}

const runtimeNames = Object.keys(runtime);

/** Makes generated code live. It sees the runtime's functions, the unit's constants and `locate`, and nothing of ours beside them. */
function run<T>(unit: UnitBuilder, code: string): T {
  const constantNames = unit.constants.map((_, i) => `K${i}`);
  const factory = new Function(...runtimeNames, 'locate', ...constantNames, `"use strict";\n${code}`) as (
    ...values: unknown[]
  ) => T;
  const locate = (error: unknown, at: number): Error => locateError(error, unit.positions[at] ?? unit.positions[0] ?? nowhere);
  return factory(...Object.values(runtime), locate, ...unit.constants);
}

const nowhere: Position = { file: '', line: 1, column: 1 };

/** The names that can be read, those of static includes among them, or undefined if a name may be computed. */
function readableVariables(
  statements: readonly Statement[],
  unit: UnitBuilder,
  { linker }: UnitRequest,
): ReadonlySet<string> | undefined {
  const names = new Set(unit.readNames);
  if (names.has('__row_data__') || allExpressions(statements).some(isSelf)) {
    return undefined;
  }
  for (const statement of allStatements(statements)) {
    if (statement.kind === 'extends') {
      return undefined;
    }
    const takesContext =
      (statement.kind === 'include' || statement.kind === 'import' || statement.kind === 'from-import') && statement.withContext;
    if (takesContext && !addIncluded(names, statement.template, linker)) {
      return undefined;
    }
  }
  return names;
}

function isSelf(expression: Expression): boolean {
  return expression.kind === 'name' && expression.name === 'self';
}

/** Adds what a template of a constant name reads; false if that is not known. One that does not compile fails when it is reached. */
function addIncluded(names: Set<string>, template: Expression, linker: Linker): boolean {
  if (template.kind !== 'const' || typeof template.value !== 'string') {
    return false;
  }
  try {
    const included = linker.find(template.value);
    included?.variables?.forEach((name) => names.add(name));
    return !included || included.variables !== undefined;
  } catch (error) {
    if (error instanceof TemplateError) {
      return false;
    }
    throw error;
  }
}
