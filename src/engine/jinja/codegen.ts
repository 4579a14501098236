import type { Block, Expression, NamespaceTarget, Output, Assignment, Statement, Target } from './ast';
import { TemplateError } from './errors';
import { ExpressionCodegen, type Surroundings } from './expression-codegen';
import { generateBlockCall, generateExtends, generateFromImport, generateImport, generateInclude } from './composition-codegen';
import { generateCallBlock, generateMacro } from './macro-codegen';
import { generateIf } from './if-codegen';
import { generateLoop } from './loop-codegen';
import { generateStaticSet } from './static-codegen';
import { generateFilterBlock, generateSetBlock, generateWith } from './scoped-codegen';
import { Scope, type Variable } from './scope';
import { UnitBuilder } from './unit-builder';
import type { Sink } from './emitter';
import { allStatements, readNames } from './walk';

/** Where a statement stands. */
export interface Place extends Surroundings {
  /** At the template's top level, an `if` aside: what is assigned here is seen by included and importing templates. */
  readonly toplevel: boolean;
  /** After a template may have been extended, when only blocks print. */
  readonly guarded: boolean;
  /** In a block, which has no row: names are looked up in the context. */
  readonly byName: boolean;
  /** In a branch of an `if`, after which what is assigned in it is still there. */
  readonly conditional: boolean;
  /** In a loop's body: it may run several times. */
  readonly repeated: boolean;
}

/** How most bodies begin. */
const once = { conditional: false, repeated: false };

export interface UnitOptions {
  /** Whether what it assigns must be known by name, so that a rendering needs a context. */
  readonly needsContext: boolean;
  readonly linker: unknown;
  /** Where the template as a whole puts its output. */
  readonly sink: Sink;
}

/** Recursion that a macro or a recursive loop may go into; Python gives up earlier. */
export const maxDepth = 300;

/**
 * Writes the JavaScript of a template: functions of a row `r` and a context `cx` that return what they print. It uses the names
 * of the runtime, the builder's constants `K0`, `K1` …, `at` for the place of the last statement and `depth` of nested macros.
 */
export class Codegen {
  readonly expressions: ExpressionCodegen;
  readonly needsContext: boolean;
  private readonly blocks = new Map<string, string>();
  private readonly hasExtends: boolean;

  constructor(
    readonly unit: UnitBuilder,
    private readonly statements: readonly Statement[],
    private readonly options: UnitOptions,
  ) {
    this.expressions = new ExpressionCodegen(unit);
    this.hasExtends = allStatements(statements).some(({ kind }) => kind === 'extends');
    this.needsContext = options.needsContext;
  }

  /** Code for the linker, which finds other templates. */
  get linker(): string {
    return this.unit.constant(this.options.linker);
  }

  /** The body of a function of the runtime's names and constants that returns `root` and `blocks`. */
  generate(): string {
    const { emitter } = this.unit;
    const root = emitter.functionBody(() => this.root(), this.options.sink);
    for (const statement of allStatements(this.statements)) {
      if (statement.kind === 'block') {
        this.block(statement);
      }
    }
    const blocks = Array.from(this.blocks.values());
    const names = Array.from(this.blocks.keys(), (name, i) => `[${this.unit.quote(name)}, block${i}]`);
    return [
      'let at = 0, depth = 0;',
      'const located = (error) => { depth = 0; return locate(error, at); };',
      `const root = (r, cx, o) => {\n${this.unit.slotVariables()}${root}};`,
      ...blocks,
      `return { root, blocks: new Map([${names.join(', ')}]), located };`,
    ].join('\n');
  }

  private root(): void {
    const { emitter } = this.unit;
    const scope = new Scope(undefined);
    this.declareSpecial(scope, 'self', this.statements, 'cx.reference()');
    scope.analyseStatements(this.statements);
    if (this.unit.slots.rowData) {
      emitter.line('let rowData;');
    }
    if (this.hasExtends) {
      emitter.line('let parent;');
    }
    const place: Place = { scope, soft: false, toplevel: true, guarded: this.hasExtends, byName: false, ...once };
    this.enter(place);
    this.body(this.statements, place);
    if (this.hasExtends) {
      emitter.line('if (parent !== undefined) {');
      emitter.finish(`${this.linker}.renderParent(parent, cx)`);
      emitter.line('}');
    }
    emitter.finish();
  }

  private block(node: Block): void {
    const { emitter } = this.unit;
    if (this.blocks.has(node.name)) {
      throw new TemplateError(`block '${node.name}' defined twice`, node.position);
    }
    const name = `block${this.blocks.size}`;
    this.blocks.set(node.name, '');
    const body = emitter.functionBody(() => {
      const scope = new Scope(undefined);
      this.declareSpecial(scope, 'self', node.body, 'cx.reference()');
      this.declareSpecial(scope, 'super', node.body, `cx.superBlock(${this.unit.quote(node.name)}, ${name})`);
      scope.analyseBlock(node);
      const place: Place = { scope, soft: false, toplevel: false, guarded: false, byName: true, ...once };
      this.enter(place);
      this.body(node.body, place);
      emitter.finish();
    });
    this.blocks.set(node.name, `const ${name} = (cx) => {\ntry {\n${body}} catch (error) { throw located(error); }\n};`);
  }

  private declareSpecial(scope: Scope, name: string, body: readonly Statement[], code: string): void {
    if (readNames(body, [name]).size > 0) {
      this.unit.setCode(scope.declareParameter(name), code);
    }
  }

  /** Declares a scope's variables with their first values. */
  enter({ scope, byName }: Place): void {
    for (const variable of scope.own()) {
      switch (variable.load.kind) {
        case 'parameter':
          break;
        case 'context': {
          const { name } = variable.load;
          const code = byName ? this.lookUp(variable) : () => this.contextCode(name);
          // What is only read is counted as read where it is.
          const isVariable = byName || scope.assigned.has(variable.name);
          this.unit.setCode(variable, isVariable ? this.declare(typeof code === 'string' ? code : code()) : code);
          break;
        }
        case 'outer':
          this.unit.setCode(variable, this.declare(this.unit.codeOf(variable.load.variable)));
          break;
        case 'unset':
          this.unit.setCode(variable, this.declare(undefined));
      }
    }
  }

  /** A new JavaScript variable. */
  declare(code: string | undefined): string {
    const name = this.unit.emitter.fresh('v');
    this.unit.emitter.line(code === undefined ? `let ${name};` : `let ${name} = ${code};`);
    return name;
  }

  private lookUp(variable: Variable): string {
    this.unit.readNames.add(variable.name);
    this.unit.setFallible(variable, true);
    return `cx.lookup(${this.unit.quote(variable.name)})`;
  }

  private contextCode(name: string): string {
    const { slots } = this.unit;
    this.unit.readNames.add(name);
    if (name === '__row_data__' && slots.rowData) {
      return `(rowData === undefined ? rowData = ${this.unit.constant(slots.rowData)}(r) : rowData)`;
    }
    const slot = slots.slot(name);
    if (slot !== undefined) {
      return this.unit.slotCode(slot);
    }
    const global = slots.global(name);
    return global === undefined ? this.unit.undefinedNamed(name) : this.unit.literal(global);
  }

  body(statements: readonly Statement[], place: Place): void {
    for (const statement of statements) {
      this.statement(statement, place);
    }
  }

  private statement(node: Statement, place: Place): void {
    switch (node.kind) {
      case 'output':
        return this.output(node, place);
      case 'set':
        return this.set(node, place);
      case 'set-block':
        return generateSetBlock(this, node, place);
      case 'if':
        return generateIf(this, node, place);
      case 'for':
        return generateLoop(this, node, place);
      case 'with':
        return generateWith(this, node, place);
      case 'macro':
        return generateMacro(this, node, place);
      case 'call-block':
        return generateCallBlock(this, node, place);
      case 'filter-block':
        return generateFilterBlock(this, node, place);
      case 'include':
        return generateInclude(this, node, place);
      case 'import':
        return generateImport(this, node, place);
      case 'from-import':
        return generateFromImport(this, node, place);
      case 'block':
        return generateBlockCall(this, node, place);
      case 'extends':
        return generateExtends(this, node, place);
    }
  }

  private output(node: Output, place: Place): void {
    this.guarded(place, () => {
      for (const part of node.parts) {
        if (part.kind === 'data') {
          this.unit.emitter.text(part.text);
        } else {
          this.print(part, place);
        }
      }
    });
  }

  private print(part: Expression, place: Place): void {
    const folded = this.unit.folder.fold(part);
    if (typeof folded?.value === 'string') {
      this.unit.emitter.text(folded.value);
      return;
    }
    if (part.kind === 'name') {
      this.unit.emitter.printColumn(this.expressions.text(part, place));
    } else {
      this.unit.mark(part.position);
      this.unit.emitter.print(this.expressions.text(part, place));
    }
  }

  /** Output that is left out once another template is extended. */
  guarded(place: Place, emit: () => void): void {
    if (!place.guarded) {
      emit();
      return;
    }
    this.unit.emitter.line('if (parent === undefined) {');
    emit();
    this.unit.emitter.line('}');
  }

  private set(node: Assignment, place: Place): void {
    if (generateStaticSet(this, node, place)) {
      return;
    }
    this.unit.mark(node.position);
    this.assign(node.target, this.expressions.expression(node.value, place), place);
  }

  /** Assigns the value that the code gives. */
  assign(target: Target | NamespaceTarget, code: string, place: Place): void {
    const { emitter } = this.unit;
    if (target.kind === 'namespace-target') {
      const namespace = this.expressions.expression({ kind: 'name', name: target.name, position: target.position }, place);
      emitter.line(`assignAttribute(${namespace}, ${this.unit.quote(target.attribute)}, ${code});`);
    } else if (target.kind === 'name') {
      emitter.line(`${this.unit.codeOf(place.scope.variable(target.name))} = ${code};`);
      this.publish(target.name, place, !target.name.startsWith('_'));
    } else {
      const items = emitter.fresh('u');
      emitter.line(`const ${items} = unpack(${code}, ${target.items.length});`);
      target.items.forEach((item, i) => this.assign(item, `${items}[${i}]`, place));
    }
  }

  /** Makes a top-level variable visible to templates that see this one's variables by name. */
  publish(name: string, { toplevel, scope }: Place, exported: boolean): void {
    if (toplevel && this.needsContext) {
      this.unit.emitter.line(`cx.assign(${this.unit.quote(name)}, ${this.unit.codeOf(scope.variable(name))}, ${exported});`);
    }
  }

  /** JavaScript variables for what a scope gets assigned by its own statement. */
  declareParameters(scope: Scope): void {
    for (const variable of scope.own()) {
      if (variable.load.kind === 'parameter') {
        this.unit.setCode(variable, this.declare(undefined));
      }
    }
  }
}
