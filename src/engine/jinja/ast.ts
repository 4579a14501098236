import type { Value } from '../python/values';
import type { Position } from './errors';

interface Node {
  readonly position: Position;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface Const extends Node {
  readonly kind: 'const';
  readonly value: Value;
}

/** A value that the generated code has in a variable; the parser makes none. */
export interface Computed extends Node {
  readonly kind: 'computed';
  readonly code: string;
}

export interface Name extends Node {
  readonly kind: 'name';
  readonly name: string;
}

export interface Sequence extends Node {
  readonly kind: 'list' | 'tuple';
  readonly items: readonly Expression[];
}

export interface Dict extends Node {
  readonly kind: 'dict';
  readonly items: readonly { readonly key: Expression; readonly value: Expression }[];
}

/** `whenTrue if test else whenFalse`. */
export interface Conditional extends Node {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression | undefined;
}

export interface Logic extends Node {
  readonly kind: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}

export interface Unary extends Node {
  readonly kind: 'not' | 'negate' | 'positive';
  readonly operand: Expression;
}

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a ~ b ~ c`. */
export interface Concat extends Node {
  readonly kind: 'concat';
  readonly parts: readonly Expression[];
}

/** `first op operand op operand …`, each operand evaluated once. */
export interface Compare extends Node {
  readonly kind: 'compare';
  readonly first: Expression;
  readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Expression }[];
}

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  /** `*args`. */
  readonly rest: Expression | undefined;
  /** `**kwargs`. */
  readonly namedRest: Expression | undefined;
}

export interface Filter extends Node {
  readonly kind: 'filter';
  readonly name: string;
  /** Undefined for the first filter of a block, whose input is the block's text. */
  readonly input: Expression | undefined;
  readonly args: Arguments;
}

export interface Test extends Node {
  readonly kind: 'test';
  readonly name: string;
  readonly input: Expression;
  readonly args: Arguments;
}

export interface Attribute extends Node {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: string;
}

export interface Item extends Node {
  readonly kind: 'item';
  readonly object: Expression;
  readonly key: Expression;
}

export interface Slice extends Node {
  readonly kind: 'slice';
  readonly object: Expression;
  readonly start: Expression | undefined;
  readonly stop: Expression | undefined;
  readonly step: Expression | undefined;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: Arguments;
}

export type Expression =
  | Const
  | Computed
  | Name
  | Sequence
  | Dict
  | Conditional
  | Logic
  | Unary
  | Binary
  | Concat
  | Compare
  | Filter
  | Test
  | Attribute
  | Item
  | Slice
  | Call;

export interface TupleTarget extends Node {
  readonly kind: 'tuple-target';
  readonly items: readonly Target[];
}

/** What `for`, `set` and `with` assign to. */
export type Target = Name | TupleTarget;

/** `namespace.attribute`, which only `set` assigns to. */
export interface NamespaceTarget extends Node {
  readonly kind: 'namespace-target';
  readonly name: string;
  readonly attribute: string;
}

export interface Data extends Node {
  readonly kind: 'data';
  readonly text: string;
}

/** Text and printed expressions in a row. */
export interface Output extends Node {
  readonly kind: 'output';
  readonly parts: readonly (Data | Expression)[];
}

export interface Assignment extends Node {
  readonly kind: 'set';
  readonly target: Target | NamespaceTarget;
  readonly value: Expression;
}

export interface SetBlock extends Node {
  readonly kind: 'set-block';
  readonly target: Target | NamespaceTarget;
  readonly filter: Filter | undefined;
  readonly body: readonly Statement[];
}

export interface If extends Node {
  readonly kind: 'if';
  readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
  readonly otherwise: readonly Statement[];
}

export interface For extends Node {
  readonly kind: 'for';
  readonly target: Target;
  readonly iterable: Expression;
  readonly test: Expression | undefined;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface With extends Node {
  readonly kind: 'with';
  readonly assignments: readonly { readonly target: Target; readonly value: Expression }[];
  readonly body: readonly Statement[];
}

export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | undefined;
}

export interface Macro extends Node {
  readonly kind: 'macro';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

export interface CallBlock extends Node {
  readonly kind: 'call-block';
  readonly parameters: readonly Parameter[];
  readonly call: Call;
  readonly body: readonly Statement[];
}

export interface FilterBlock extends Node {
  readonly kind: 'filter-block';
  readonly filter: Filter;
  readonly body: readonly Statement[];
}

export interface Include extends Node {
  readonly kind: 'include';
  readonly template: Expression;
  readonly ignoreMissing: boolean;
  readonly withContext: boolean;
}

export interface Import extends Node {
  readonly kind: 'import';
  readonly template: Expression;
  readonly name: string;
  readonly withContext: boolean;
}

export interface FromImport extends Node {
  readonly kind: 'from-import';
  readonly template: Expression;
  readonly names: readonly { readonly name: string; readonly alias: string }[];
  readonly withContext: boolean;
}

export interface Block extends Node {
  readonly kind: 'block';
  readonly name: string;
  readonly scoped: boolean;
  readonly required: boolean;
  readonly body: readonly Statement[];
}

export interface Extends extends Node {
  readonly kind: 'extends';
  readonly template: Expression;
}

export type Statement =
  | Output
  | Assignment
  | SetBlock
  | If
  | For
  | With
  | Macro
  | CallBlock
  | FilterBlock
  | Include
  | Import
  | FromImport
  | Block
  | Extends;
