import type { Value } from '../python/values';
import type { BinaryOperator, CompareOperator } from './ast';
import { runtime, type Runtime } from './runtime';

export interface BinaryOperation {
  /** Its name in the runtime. */
  readonly name: keyof Runtime;
  readonly run: (left: Value, right: Value) => Value;
}

export const binaryOperations: Readonly<Record<BinaryOperator, BinaryOperation>> = {
  '+': { name: 'add', run: runtime.add },
  '-': { name: 'subtract', run: runtime.subtract },
  '*': { name: 'multiply', run: runtime.multiply },
  '/': { name: 'divide', run: runtime.divide },
  '//': { name: 'floorDivide', run: runtime.floorDivide },
  '%': { name: 'modulo', run: runtime.modulo },
  '**': { name: 'power', run: runtime.power },
};

export function compareValues(operator: CompareOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return runtime.equals(left, right);
    case '!=':
      return !runtime.equals(left, right);
    case 'in':
      return runtime.contains(right, left);
    case 'not in':
      return !runtime.contains(right, left);
    default:
      return runtime.ordered(operator, left, right);
  }
}

/** JavaScript that compares what the two codes give, as `compareValues` does. */
export function compareCode(operator: CompareOperator, left: string, right: string): string {
  switch (operator) {
    case '==':
      return `equals(${left}, ${right})`;
    case '!=':
      return `!equals(${left}, ${right})`;
    case 'in':
    case 'not in':
      // The left side is evaluated first, as in Python.
      return `${operator === 'in' ? '' : '!'}containedIn(${left}, ${right})`;
    default:
      return `ordered("${operator}", ${left}, ${right})`;
  }
}
