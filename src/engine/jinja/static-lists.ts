import type { Expression, Sequence, Statement } from './ast';
import type { Scope, Variable } from './scope';
import { allStatements, assignedNames } from './walk';

/**
 * Thrown where a list is used in a way that needs it as a value. The template is then compiled again, with these lists as values: it
 * is simpler to try than to know beforehand.
 */
export class NotStatic extends Error {
  constructor(readonly origins: readonly string[]) {
    super('a list is needed as a value');
  }
}

/** A list whose length and items are known when the template is compiled, as bundles have them for the columns of a vendor. */
export interface StaticList {
  /** The names by which it would be made a value. */
  readonly origins: readonly string[];
  readonly elements: readonly Expression[];
}

/** A list that begins empty, and to which known elements are appended. The generated code keeps their numbers in an array. */
export interface Accumulator {
  readonly origins: readonly string[];
  /** Whatever may be in it, by number. */
  readonly elements: Expression[];
  /** Code for the array of numbers. */
  readonly numbers: string;
  /** A loop over it may run before what follows in the template, so there may be no more elements. */
  isComplete: boolean;
  /** Something was appended that is not known, so only the length can be. */
  isOpaque: boolean;
}

/**
 * Which lists of a template are never values: loops over them are unrolled, with each element's own code. Vendors' templates are lists
 * of columns and their names that go through two or three loops; unrolled, most of what these print is known beforehand.
 */
export class StaticLists {
  private readonly lists = new Map<Variable, StaticList & { readonly owner: object }>();
  private readonly accumulators = new Map<Variable, Accumulator & { readonly owner: object }>();
  /** Variables that code has read as values before anything static was assigned. */
  private readonly values = new Set<Variable>();
  private readonly originsOf = new WeakMap<Expression, readonly string[]>();
  private readonly assignments = new Map<string, number>();

  /** @param excluded origins of lists that must be values; undefined if all must */
  constructor(
    statements: readonly Statement[],
    private readonly excluded: ReadonlySet<string> | undefined,
  ) {
    for (const statement of excluded === undefined ? [] : allStatements(statements)) {
      for (const name of namesOf(statement)) {
        this.assignments.set(name, (this.assignments.get(name) ?? 0) + 1);
      }
    }
  }

  mayHave(origin: string): boolean {
    return this.excluded !== undefined && !this.excluded.has(origin);
  }

  /** Whether a variable gets its only value by one `set`, and nobody has asked for it before. */
  isAssignedOnce(variable: Variable): boolean {
    return this.assignments.get(variable.name) === 1 && !this.values.has(variable);
  }

  /** Whether the name always means what the template was given. */
  isNeverAssigned(name: string): boolean {
    return !this.assignments.has(name) && !special.has(name);
  }

  setList(variable: Variable, list: StaticList, owner: object): void {
    this.lists.set(variable, { ...list, owner });
  }

  setAccumulator(variable: Variable, numbers: string, owner: object): void {
    const origins = [variable.name];
    this.accumulators.set(variable, { origins, elements: [], numbers, isComplete: false, isOpaque: false, owner });
  }

  /** @param owner the function of the code that asks; another one may run at any time */
  list(variable: Variable | undefined, owner: object): StaticList | undefined {
    return this.owned(variable && this.lists.get(variable), owner);
  }

  accumulator(variable: Variable | undefined, owner: object): Accumulator | undefined {
    return this.owned(variable && this.accumulators.get(variable), owner);
  }

  private owned<T extends { readonly origins: readonly string[]; readonly owner: object }>(
    found: T | undefined,
    owner: object,
  ): T | undefined {
    if (found !== undefined && found.owner !== owner) {
      throw new NotStatic(found.origins);
    }
    return found;
  }

  /** Must be told of every variable that is read as a value. @throws NotStatic */
  readValue(variable: Variable): void {
    const found = this.lists.get(variable) ?? this.accumulators.get(variable);
    if (found !== undefined) {
      throw new NotStatic(found.origins);
    }
    this.values.add(variable);
  }

  /** Makes the lists in an element known, so that nothing takes one for a list to be made. */
  register(element: Expression, origins: readonly string[]): void {
    if (isSequence(element)) {
      this.originsOf.set(element, origins);
      element.items.forEach((item) => this.register(item, origins));
    }
  }

  origins(expression: Expression): readonly string[] | undefined {
    return this.originsOf.get(expression);
  }

  /** Whether the expression, or what is in it, gives the same wherever it stands. */
  isStable(expression: Expression, scope: Scope): boolean {
    switch (expression.kind) {
      case 'const':
      case 'computed':
        return true;
      case 'name':
        return this.isNeverAssigned(expression.name) && scope.find(expression.name)?.load.kind === 'context';
      case 'list':
      case 'tuple':
        return expression.items.every((item) => this.isStable(item, scope));
      default:
        return false;
    }
  }
}

const special: ReadonlySet<string> = new Set(['loop', 'caller', 'varargs', 'kwargs', 'self', 'super', '__row_data__']);

export function isSequence(expression: Expression): expression is Sequence {
  return expression.kind === 'list' || expression.kind === 'tuple';
}

function namesOf(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'macro':
      return [statement.name, ...assignedNames(statement)];
    case 'import':
      return [statement.name];
    case 'from-import':
      return statement.names.map(({ alias }) => alias);
    default:
      return assignedNames(statement);
  }
}
