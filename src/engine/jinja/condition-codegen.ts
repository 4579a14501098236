import { PyTuple } from '../python/values';
import type { Compare, Expression } from './ast';
import { hasNoArguments, type ExpressionCodegen, type Surroundings } from './expression-codegen';
import { compareCode } from './operations';
import { runtime } from './runtime';
import type { UnitBuilder } from './unit-builder';

/** More texts than this are looked for by a loop. */
const maxWrittenOut = 8;

/** Code for the truth of an expression, as a JavaScript boolean. */
export function conditionCode(codegen: ExpressionCodegen, unit: UnitBuilder, node: Expression, around: Surroundings): string {
  const folded = unit.folder.fold(node);
  if (folded) {
    return String(runtime.truthy(folded.value));
  }
  const condition = (part: Expression): string => conditionCode(codegen, unit, part, around);
  switch (node.kind) {
    case 'not':
      return `!${condition(node.operand)}`;
    case 'and':
      return `(${condition(node.left)} && ${condition(node.right)})`;
    case 'or':
      return `(${condition(node.left)} || ${condition(node.right)})`;
    case 'compare':
      return comparison(codegen, unit, node, around);
    case 'test':
      return codegen.test(node, around);
    case 'name': {
      const length = codegen.staticLength(node, around);
      return length === undefined ? truth(codegen.expression(node, around)) : `(${length} > 0)`;
    }
    case 'filter':
      if ((node.name === 'length' || node.name === 'count') && node.input && hasNoArguments(node.args)) {
        const length = codegen.staticLength(node.input, around);
        return length === undefined
          ? whenText(codegen.expression(node.input, around), 'notEmpty', (code) => `${code} !== ""`)
          : `(${length} > 0)`;
      }
      return truth(codegen.expression(node, around));
    case 'attribute': {
      const isBoolean = node.name === 'first' || node.name === 'last';
      return (isBoolean ? codegen.loopAttribute(node, around) : undefined) ?? truth(codegen.expression(node, around));
    }
    default:
      return truth(codegen.expression(node, around));
  }
}

function truth(code: string): string {
  return whenText(code, 'truthy', (text) => `${text} !== ""`);
}

/**
 * Code for a function of the runtime, with what it does for texts written out where the value is in a variable: nearly all values are
 * texts, and in code as large as that of a template the functions are not put in the place of their calls.
 */
export function whenText(code: string, name: string, forText: (text: string) => string, otherArguments = ''): string {
  const call = `${name}(${code}${otherArguments})`;
  return /^\w+$/.test(code) ? `(typeof ${code} === "string" ? ${forText(code)} : ${call})` : call;
}

function comparison(codegen: ExpressionCodegen, unit: UnitBuilder, node: Compare, around: Surroundings): string {
  let left = codegen.expression(node.first, around);
  const parts = node.rest.map(({ operator, operand }, i) => {
    const isMembership = operator === 'in' || operator === 'not in';
    const texts = isMembership ? textsIn(unit, operand) : undefined;
    const isLast = i === node.rest.length - 1;
    if (texts !== undefined && isLast) {
      return `${operator === 'in' ? '' : '!'}${membership(unit, left, texts)}`;
    }
    const code = codegen.expression(isMembership ? asTuple(operand) : operand, around);
    const text = unit.folder.fold(operand)?.value;
    if (isLast && typeof text === 'string' && (operator === '==' || operator === '!=')) {
      return `${operator === '==' ? '' : '!'}${whenText(left, 'equals', (value) => `${value} === ${code}`, `, ${code}`)}`;
    }
    if (isLast) {
      return compareCode(operator, left, code);
    }
    const shared = unit.emitter.temporary();
    const part = compareCode(operator, left, `${shared} = ${code}`);
    left = shared;
    return part;
  });
  return `(${parts.join(' && ')})`;
}

function membership(unit: UnitBuilder, item: string, texts: readonly string[]): string {
  const list = `, ${unit.texts(texts)}`;
  return texts.length > maxWrittenOut
    ? `inTexts(${item}${list})`
    : whenText(item, 'inTexts', (code) => texts.map((text) => `${code} === ${unit.quote(text)}`).join(' || '), list);
}

/** The texts in the right side of `in`, if it is a list of nothing else. */
function textsIn(unit: UnitBuilder, node: Expression): string[] | undefined {
  const folded = unit.folder.fold(asTuple(node))?.value;
  const items = folded instanceof PyTuple ? folded.items : [];
  const texts = items.filter((item) => typeof item === 'string');
  return texts.length > 0 && texts.length === items.length ? texts : undefined;
}

/** A list of constants in the right side of `in` is never seen by anything else, so one tuple will do for all renderings. */
function asTuple(node: Expression): Expression {
  return node.kind === 'list' ? { ...node, kind: 'tuple' } : node;
}
