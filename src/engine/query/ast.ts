import type { Value } from '../python/values';

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** An expression of a query. `position` is where it starts, in characters from 0. */
export type QueryNode = { readonly position: number } & (
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'list'; readonly items: readonly QueryNode[] }
  | { readonly kind: 'and' | 'or'; readonly left: QueryNode; readonly right: QueryNode }
  | { readonly kind: 'not'; readonly operand: QueryNode }
  | { readonly kind: 'negate'; readonly operand: QueryNode }
  | { readonly kind: 'comparison'; readonly operator: ComparisonOperator; readonly left: QueryNode; readonly right: QueryNode }
  | { readonly kind: 'arithmetic'; readonly operator: ArithmeticOperator; readonly left: QueryNode; readonly right: QueryNode }
  /** A call of a method, by its path: `['str', 'lower']`. */
  | {
      readonly kind: 'call';
      readonly object: QueryNode;
      readonly path: readonly string[];
      readonly args: readonly QueryArgument[];
    }
);

export interface QueryArgument {
  /** Of `name=value`. */
  readonly name?: string;
  readonly value: QueryNode;
}
