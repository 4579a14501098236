import type {
  Block,
  CallBlock,
  Expression,
  FilterBlock,
  For,
  Macro,
  NamespaceTarget,
  SetBlock,
  Statement,
  Target,
  With,
} from './ast';
import { ownExpressions, targetNames, withSubexpressions } from './walk';

/** How a variable gets its first value where its scope begins. */
export type Load =
  | { readonly kind: 'parameter' }
  /** From what the template was given: a column, a global. */
  | { readonly kind: 'context'; readonly name: string }
  /** From the same name of an outer scope, as it is at that moment: an assignment in the inner scope does not reach the outer. */
  | { readonly kind: 'outer'; readonly variable: Variable }
  /** Not before it is assigned. */
  | { readonly kind: 'unset' };

/** A variable of one scope. Two scopes that assign to one name have two. */
export class Variable {
  constructor(
    readonly name: string,
    public load: Load,
  ) {}
}

/**
 * The variables of a scope: of the template, a loop's body, a macro, a block of `set`, `with` or `filter`. Jinja's rules, as its
 * `idtracking` has them: what matters is whether a scope reads or assigns a name first, and in which branches of an `if`.
 */
export class Scope {
  private readonly variables: Map<string, Variable>;
  readonly assigned: Set<string>;

  constructor(readonly parent: Scope | undefined) {
    this.variables = new Map();
    this.assigned = new Set();
  }

  /** Another view of this scope, for a branch of an `if`. */
  private branch(): Scope {
    const copy = new Scope(this.parent);
    this.variables.forEach((variable, name) => copy.variables.set(name, variable));
    this.assigned.forEach((name) => copy.assigned.add(name));
    return copy;
  }

  find(name: string): Variable | undefined {
    return this.variables.get(name) ?? this.parent?.find(name);
  }

  /** The variable of a name that was analysed. */
  variable(name: string): Variable {
    const variable = this.find(name);
    if (!variable) {
      throw new Error(`the name ${name} was not analysed`);
    }
    return variable;
  }

  /** This scope's own variables. */
  own(): Iterable<Variable> {
    return this.variables.values();
  }

  declareParameter(name: string): Variable {
    this.assigned.add(name);
    return this.define(name, { kind: 'parameter' });
  }

  read(name: string): void {
    if (!this.find(name)) {
      this.define(name, { kind: 'context', name });
    }
  }

  assign(name: string): void {
    this.assigned.add(name);
    if (!this.variables.has(name)) {
      const outer = this.parent?.find(name);
      this.define(name, outer ? { kind: 'outer', variable: outer } : { kind: 'unset' });
    }
  }

  /** Names that are assigned here or in a scope around, and so can be seen by an included template. */
  visibleAssigned(): ReadonlySet<string> {
    return new Set([...this.assigned, ...(this.parent?.visibleAssigned() ?? [])]);
  }

  private define(name: string, load: Load): Variable {
    const variable = new Variable(name, load);
    this.variables.set(name, variable);
    return variable;
  }

  /** Analyses the parts of an `if` side by side. What only some of them assign keeps its outer value in the others. */
  branches(parts: readonly ((scope: Scope) => void)[]): void {
    const views = parts.map((analyse) => {
      const view = this.branch();
      analyse(view);
      return view;
    });
    const counts = new Map<string, number>();
    for (const view of views) {
      for (const name of view.assigned) {
        if (!this.assigned.has(name)) {
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
      }
    }
    for (const view of views) {
      this.adopt(view);
    }
    for (const [name, count] of counts) {
      if (count < views.length) {
        const outer = this.parent?.find(name);
        this.variable(name).load = outer ? { kind: 'outer', variable: outer } : { kind: 'context', name };
      }
    }
  }

  /** One variable a name; where branches begin it in different ways, the last decides, as in Jinja. */
  private adopt(view: Scope): void {
    view.variables.forEach((variable, name) => {
      const known = this.variables.get(name);
      if (known) {
        known.load = variable.load;
      } else {
        this.variables.set(name, variable);
      }
    });
    view.assigned.forEach((name) => this.assigned.add(name));
  }

  analyseStatements(statements: readonly Statement[]): void {
    for (const statement of statements) {
      this.analyseStatement(statement);
    }
  }

  /** What a statement reads and assigns in this scope; the insides of those that open a scope are not in it. */
  private analyseStatement(statement: Statement): void {
    switch (statement.kind) {
      case 'if':
        this.analyseIf(statement.branches, statement.otherwise);
        return;
      case 'for':
        this.analyseExpression(statement.iterable);
        return;
      case 'macro':
        this.assign(statement.name);
        return;
      case 'call-block':
        this.analyseExpression(statement.call);
        return;
      case 'set-block':
        this.analyseTarget(statement.target);
        return;
      case 'block':
        return;
      case 'output':
      case 'set':
      case 'with':
      case 'filter-block':
      case 'include':
      case 'import':
      case 'from-import':
      case 'extends':
        ownExpressions(statement).forEach((expression) => this.analyseExpression(expression));
    }
    if (statement.kind === 'set') {
      this.analyseTarget(statement.target);
    } else if (statement.kind === 'import') {
      this.assign(statement.name);
    } else if (statement.kind === 'from-import') {
      statement.names.forEach(({ alias }) => this.assign(alias));
    }
  }

  /** As Jinja: the first test, then its body, everything between, and the last part, side by side. */
  private analyseIf(
    branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[],
    otherwise: readonly Statement[],
  ): void {
    const [first, ...others] = branches;
    if (!first) {
      return;
    }
    this.analyseExpression(first.test);
    this.branches([
      (scope) => scope.analyseStatements(first.body),
      (scope) => others.forEach(({ test, body }) => scope.analyseIf([{ test, body }], [])),
      (scope) => scope.analyseStatements(otherwise),
    ]);
  }

  private analyseTarget(target: Target | NamespaceTarget): void {
    if (target.kind === 'namespace-target') {
      this.read(target.name);
    } else {
      targetNames(target).forEach((name) => this.assign(name));
    }
  }

  analyseExpression(expression: Expression): void {
    for (const inner of withSubexpressions(expression)) {
      if (inner.kind === 'name') {
        this.read(inner.name);
      }
    }
  }

  analyseLoopBody({ target, body }: For): void {
    this.declareTarget(target);
    this.analyseStatements(body);
  }

  analyseLoopTest({ target, test }: For): void {
    this.declareTarget(target);
    if (test) {
      this.analyseExpression(test);
    }
  }

  analyseWith({ assignments, body }: With): void {
    assignments.forEach(({ target }) => this.declareTarget(target));
    this.analyseStatements(body);
  }

  /** The parameters of a macro or call block must be declared before. */
  analyseMacro({ parameters, body }: Macro | CallBlock): void {
    parameters.forEach(({ fallback }) => fallback && this.analyseExpression(fallback));
    this.analyseStatements(body);
  }

  analyseCapture({ body, filter }: SetBlock | FilterBlock): void {
    this.analyseStatements(body);
    if (filter) {
      this.analyseExpression(filter);
    }
  }

  analyseBlock({ body }: Block): void {
    this.analyseStatements(body);
  }

  private declareTarget(target: Target): void {
    targetNames(target).forEach((name) => this.declareParameter(name));
  }
}
