import { PyError, PyObject, Undefined, orElse, type Value } from '../python/values';
import { toArray } from '../python/iterate';
import { textOf, typeName } from '../python/types';
import { RenderContext, type Lookup } from './context';
import { buildUnit, type CompiledUnit } from './unit';
import { SourceText, type TemplateSource } from './source';

/** Templates including one another; Python's stack ends a little later. */
const maxNesting = 50;

/** Finds, compiles and runs the other templates that one includes, imports or extends. Each is compiled once. */
export class Linker {
  private readonly units = new Map<string, CompiledUnit | undefined>();
  private nesting = 0;

  constructor(
    private readonly load: ((path: string) => TemplateSource | undefined) | undefined,
    readonly globals: Lookup,
  ) {}

  /** The template of a name, or undefined if there is none. @throws TemplateError if it does not compile */
  find(name: string): CompiledUnit | undefined {
    if (!this.units.has(name)) {
      const found = this.load?.(name);
      this.units.set(name, found && this.compile(found));
    }
    return this.units.get(name);
  }

  private compile(source: TemplateSource): CompiledUnit {
    const text = new SourceText([{ ...source, linearize: false }]);
    return buildUnit(text, { linker: this, module: true, rowLayout: undefined });
  }

  /** What `include` prints. Several names are tried in order. @param context null to run it without the including template's variables */
  include(names: Value, ignoreMissing: boolean, context: RenderContext | null): string {
    const unit = this.firstOf(names, ignoreMissing);
    return unit ? this.nested(() => unit.render(this.contextFor(unit, context))) : '';
  }

  /** The module of `import`: run anew each time, so that what a rendering changes in it is not seen by the next. */
  import(name: Value, context: RenderContext | null): Module {
    const unit = this.require(name);
    const own = this.contextFor(unit, context);
    const body = this.nested(() => unit.render(own));
    return new Module(textOf(name) ?? '', body, own);
  }

  extend(parent: CompiledUnit | undefined, name: Value, context: RenderContext): CompiledUnit {
    if (parent) {
      throw new PyError('TypeError', 'extended multiple times');
    }
    const unit = this.require(name);
    context.addBlocks(unit.blocks);
    return unit;
  }

  renderParent(parent: CompiledUnit, context: RenderContext): string {
    return this.nested(() => parent.render(context));
  }

  private contextFor(unit: CompiledUnit, context: RenderContext | null): RenderContext {
    return new RenderContext(context ? (name) => context.lookup(name) : this.globals, unit.blockVersions());
  }

  private require(name: Value): CompiledUnit {
    const unit = this.firstOf(name, false);
    if (!unit) {
      throw notFound([name]);
    }
    return unit;
  }

  private firstOf(names: Value, ignoreMissing: boolean): CompiledUnit | undefined {
    const candidates = textOf(names) === undefined && names !== null ? toArray(checked(names)) : [names];
    for (const candidate of candidates) {
      const name = textOf(checked(candidate));
      const unit = name === undefined ? undefined : this.find(name);
      if (unit) {
        return unit;
      }
    }
    if (ignoreMissing) {
      return undefined;
    }
    throw notFound(candidates);
  }

  private nested(render: () => string): string {
    if (this.nesting === maxNesting) {
      throw new PyError('RecursionError', `more than ${maxNesting} templates in one another`);
    }
    this.nesting++;
    try {
      return render();
    } finally {
      this.nesting--;
    }
  }
}

function checked(name: Value): Value {
  if (name instanceof Undefined) {
    throw new PyError('UndefinedError', name.message);
  }
  return name;
}

function notFound(names: readonly Value[]): PyError {
  const shown = names.map((name) => textOf(name) ?? typeName(name)).join(', ');
  return new PyError(
    'TemplateNotFound',
    names.length === 1 ? `the template '${shown}' was not found` : `none of the templates given were found: ${shown}`,
  );
}

/** An imported template: its attributes are what it assigned at its top level, its text is what it printed. */
class Module extends PyObject {
  readonly typeName = 'TemplateModule';

  constructor(
    private readonly name: string,
    private readonly body: string,
    private readonly context: RenderContext,
  ) {
    super();
  }

  override attribute(name: string): Value | undefined {
    return this.context.exportedValue(name);
  }

  /** What `from … import` gives for a name that the template does not export is undefined, and says so when it is used. */
  exportedOrUndefined(name: string): Value {
    return orElse(
      this.attribute(name),
      Undefined.because(`the template '${this.name}' does not export the requested name '${name}'`),
    );
  }

  override str(): string {
    return this.body;
  }

  override repr(): string {
    return `<TemplateModule '${this.name}'>`;
  }
}
