import { PyError, PyObject, Undefined, orElse, type Value } from '../python/values';

export type Lookup = (name: string) => Value | undefined;

/** Renders a block of a template with the variables of a context. */
export type BlockFunction = (context: RenderContext) => string;

/** What one rendering of a template can see by a computed name: what it was given, the globals, and what it assigned at its top level. */
export class RenderContext {
  private readonly assigned = new Map<string, Value>();
  private readonly exported = new Set<string>();
  /** A block's own version first, then those of the templates it extends. */
  private readonly blocks: Map<string, BlockFunction[]>;

  constructor(
    private readonly given: Lookup,
    blocks: ReadonlyMap<string, readonly BlockFunction[]> = new Map(),
  ) {
    this.blocks = new Map(Array.from(blocks, ([name, versions]) => [name, [...versions]]));
  }

  /** Makes a variable of the template's top level visible by name, and to those that import the template if it is `exported`. */
  assign(name: string, value: Value, exported: boolean): void {
    this.assigned.set(name, value);
    if (exported) {
      this.exported.add(name);
    } else {
      this.exported.delete(name);
    }
  }

  lookup(name: string): Value | undefined {
    const value = this.assigned.get(name);
    return value === undefined ? this.given(name) : value;
  }

  exportedValue(name: string): Value | undefined {
    return this.exported.has(name) ? this.assigned.get(name) : undefined;
  }

  /** As Jinja's `context.resolve`. */
  resolve(name: Value): Value {
    if (typeof name !== 'string') {
      return Undefined.because('only names can be resolved');
    }
    return orElse(this.lookup(name), Undefined.named(name));
  }

  /** A context in which some local variables are seen too. */
  derived(locals: readonly (readonly [string, Value | undefined])[]): RenderContext {
    const known = new Map(locals);
    return new RenderContext((name) => {
      const value = known.get(name);
      return value === undefined ? this.lookup(name) : value;
    }, this.blocks);
  }

  addBlocks(blocks: ReadonlyMap<string, BlockFunction>): void {
    for (const [name, block] of blocks) {
      this.blocks.set(name, [...(this.blocks.get(name) ?? []), block]);
    }
  }

  /** Fails where a block that others must fill in has one version only. */
  requireOverride(name: string): void {
    if ((this.blocks.get(name)?.length ?? 0) <= 1) {
      throw new PyError('TypeError', `Required block '${name}' not found`);
    }
  }

  renderBlock(name: string, context: RenderContext = this): string {
    const [block] = this.blocks.get(name) ?? [];
    return block ? block(context) : '';
  }

  /** `super`: the version of a block after `current`. */
  superBlock(name: string, current: BlockFunction): Value {
    const versions = this.blocks.get(name) ?? [];
    const index = versions.indexOf(current) + 1;
    return index < versions.length
      ? new BlockReference(name, versions, index, this)
      : Undefined.because(`there is no parent block called '${name}'.`);
  }

  /** `self`. */
  reference(): Value {
    return new TemplateReference((name) => {
      const versions = this.blocks.get(name);
      return versions && new BlockReference(name, versions, 0, this);
    });
  }
}

class BlockReference extends PyObject {
  readonly typeName = 'BlockReference';

  constructor(
    private readonly name: string,
    private readonly versions: readonly BlockFunction[],
    private readonly index: number,
    private readonly context: RenderContext,
  ) {
    super();
  }

  override isCallable(): boolean {
    return true;
  }

  override call(args: readonly Value[]): Value {
    if (args.length > 0) {
      throw new PyError('TypeError', 'a block takes no arguments');
    }
    return this.versions[this.index]?.(this.context) ?? '';
  }

  override attribute(name: string): Value | undefined {
    if (name !== 'super') {
      return undefined;
    }
    return this.index + 1 < this.versions.length
      ? new BlockReference(this.name, this.versions, this.index + 1, this.context)
      : Undefined.because(`there is no parent block called '${this.name}'.`);
  }
}

/** `self` gives the template's blocks, and nothing else; the one other use that bundles make of it is compiled to `resolve`. */
class TemplateReference extends PyObject {
  readonly typeName = 'TemplateReference';

  constructor(private readonly block: (name: string) => Value | undefined) {
    super();
  }

  override attribute(name: string): Value | undefined {
    return this.block(name);
  }
}
