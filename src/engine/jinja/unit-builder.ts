import type { Value } from '../python/values';
import { PyFloat, Undefined } from '../python/values';
import { Emitter } from './emitter';
import type { Position } from './errors';
import { Folder } from './fold';
import { Segment } from './segment';
import type { Variable } from './scope';
import type { StaticLists } from './static-lists';

const encoder = new TextEncoder();

/** How the generated code gets at a name that the template does not assign. */
export interface Slots {
  /** The index in the row of a name, or undefined if the row has none of it; then `global` is asked. */
  slot(name: string): number | undefined;
  global(name: string): Value | undefined;
  /** Changes a value of the row before the template sees it. */
  readonly cast: ((value: Value) => Value) | undefined;
  /** Makes `__row_data__` of the row; undefined if that name is like any other. */
  readonly rowData: ((row: readonly Value[]) => Value) | undefined;
}

/** What one template's generated code is made of beside its text: constants, positions, and the code names of variables. */
export class UnitBuilder {
  readonly constants: unknown[] = [];
  readonly positions: Position[] = [];
  readonly emitter: Emitter;
  readonly folder = new Folder();
  /** The names that are read from what the template is given. */
  readonly readNames = new Set<string>();
  private readonly constantIndex = new Map<unknown, string>();
  private readonly readSlots = new Set<number>();
  private readonly codes = new Map<Variable, string | (() => string)>();
  private readonly fallible = new Set<Variable>();
  private readonly loops = new Map<Variable, InlineLoop>();

  constructor(
    readonly slots: Slots,
    readonly statics: StaticLists,
    /** Whether `__row_data__` is read for columns only. */
    readonly rowDataAsColumns = false,
  ) {
    this.emitter = new Emitter({
      quote: (text) => this.quote(text),
      encode: (text) => this.constant(encoder.encode(text)),
      segment: (constants) => this.constant(Segment.of(constants)),
    });
  }

  /**
   * The only way of a template's text into the code: as a JavaScript string literal. JSON is one, but for two line ends that
   * older grammars refuse.
   */
  quote(text: string): string {
    return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  }

  /** The name of a value that the code gets from outside. */
  constant(value: unknown): string {
    const known = this.constantIndex.get(value);
    if (known !== undefined) {
      return known;
    }
    const name = `K${this.constants.length}`;
    this.constants.push(value);
    this.constantIndex.set(value, name);
    return name;
  }

  /** Code for a value that does not change. */
  literal(value: Value): string {
    if (typeof value === 'string') {
      return this.quote(value);
    }
    if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))) {
      return String(value);
    }
    return value instanceof PyFloat || typeof value === 'object' || typeof value === 'number' || typeof value === 'bigint'
      ? this.constant(value)
      : 'null';
  }

  /** The name of an array of texts. */
  texts(texts: readonly string[]): string {
    const key = `texts ${JSON.stringify(texts)}`;
    const known = this.constantIndex.get(key);
    if (known !== undefined) {
      return known;
    }
    const code = this.constant(texts);
    this.constantIndex.set(key, code);
    return code;
  }

  undefinedNamed(name: string): string {
    const key = `undefined ${name}`;
    const known = this.constantIndex.get(key);
    if (known !== undefined) {
      return known;
    }
    const code = this.constant(Undefined.named(name));
    this.constantIndex.set(key, code);
    return code;
  }

  /** A statement that says where the next ones come from, for the place of their errors. */
  mark(position: Position): void {
    this.emitter.line(`at = ${this.positions.length};`);
    this.positions.push(position);
  }

  /** Code for a value of the row: a variable that `slotVariables` declares, since most are read several times. */
  slotCode(slot: number): string {
    this.readSlots.add(slot);
    return `col${slot}`;
  }

  /** Code for the value of a column. */
  columnCode(name: string): string | undefined {
    const slot = this.slots.slot(name);
    if (slot === undefined) {
      return undefined;
    }
    this.readNames.add(name);
    return this.slotCode(slot);
  }

  /** The variables of the values that code so far reads. `var`, because functions inside need not ask whether it is set yet. */
  slotVariables(): string {
    const { cast } = this.slots;
    const value = (slot: number): string => (cast ? `${this.constant(cast)}(r[${slot}])` : `r[${slot}]`);
    return this.readSlots.size === 0
      ? ''
      : `var ${Array.from(this.readSlots, (slot) => `col${slot} = ${value(slot)}`).join(', ')};\n`;
  }

  /** @param code a function is asked where the variable is read */
  setCode(variable: Variable, code: string | (() => string)): void {
    this.codes.set(variable, code);
  }

  codeOf(variable: Variable): string {
    const code = this.codes.get(variable);
    if (code === undefined) {
      throw new Error(`the variable ${variable.name} has no code`);
    }
    return typeof code === 'string' ? code : code();
  }

  /** Marks a variable whose code can give no value although it is loaded: a name in a context, a parameter before its default. */
  setFallible(variable: Variable, fallible: boolean): void {
    if (fallible) {
      this.fallible.add(variable);
    } else {
      this.fallible.delete(variable);
    }
  }

  isFallible(variable: Variable): boolean {
    return this.fallible.has(variable);
  }

  setLoop(variable: Variable, loop: InlineLoop): void {
    this.loops.set(variable, loop);
  }

  loopOf(variable: Variable): InlineLoop | undefined {
    return this.loops.get(variable);
  }
}

/** Code for the attributes of `loop` that need no loop object. */
export type InlineLoop = (attribute: string) => string | undefined;

/** Those of a loop over a series: a list, or what comes step by step. */
export function seriesLoop({ series, items, index }: Readonly<Record<'series' | 'items' | 'index', string>>): InlineLoop {
  const length = `(${series} === ${items} ? ${items}.length : seriesLength(${series}))`;
  const isLast = `(${index} + 1 >= ${items}.length && !hasNext(${series}, ${index}))`;
  return (attribute) => loopAttribute(attribute, index, length, isLast);
}

/** Those of a loop over an array that does not change. */
export function arrayLoop(items: string, index: string): InlineLoop {
  return (attribute) => loopAttribute(attribute, index, `${items}.length`, `(${index} + 1 === ${items}.length)`);
}

function loopAttribute(attribute: string, index: string, length: string, isLast: string): string | undefined {
  switch (attribute) {
    case 'first':
      return `(${index} === 0)`;
    case 'last':
      return isLast;
    case 'index':
      return `(${index} + 1)`;
    case 'index0':
      return index;
    case 'length':
      return length;
    case 'revindex':
      return `(${length} - ${index})`;
    case 'revindex0':
      return `(${length} - ${index} - 1)`;
    default:
      return undefined;
  }
}

export const inlineLoopNames: ReadonlySet<string> = new Set([
  'first',
  'last',
  'index',
  'index0',
  'length',
  'revindex',
  'revindex0',
]);
