/** Less code than this in all is not worth a function's call. */
const worthwhileLength = 4_000;
const minRounds = 3;
/** More arguments than this make a call slow. */
const maxParameters = 60;

/** A text's literal, a name (with what makes it a property), a number, or anything else that stands alone. */
const token = /"(?:[^"\\]|\\.)*"|\.?[A-Za-z_$][\w$]*|\d+|\s+|./gu;
const declaration = /\b(?:let|const|var) ([\w$]+)/g;
/** What rounds may differ in: constants, columns, numbers. */
const exchangeable = /^(?:K\d+|col\d+|\d+)$/;

/** Code of rounds, and of the functions that it calls. */
export interface SharedRounds {
  readonly functions: readonly string[];
  readonly rounds: readonly string[];
}

/**
 * Gives rounds of an unrolled loop that differ only in constants and columns one function with these as its arguments. A vendor's
 * template goes through dozens of columns in the same way, and V8 takes longer to optimize so much code than to run it.
 *
 * @param freshName makes a name that the code does not use yet
 */
export function shareRounds(rounds: readonly string[], freshName: () => string): SharedRounds {
  const parsed = rounds.map(parseRound);
  const alike = new Map<string, ParsedRound[]>();
  for (const round of parsed) {
    const known = alike.get(round.shape);
    if (known === undefined) {
      alike.set(round.shape, [round]);
    } else {
      known.push(round);
    }
  }
  const functions: string[] = [];
  const calls = new Map<ParsedRound, string>();
  for (const group of alike.values()) {
    const [first] = group as [ParsedRound];
    const { parameters, places } = parametersOf(group);
    if (group.length < minRounds || first.code.length * group.length < worthwhileLength || parameters.length > maxParameters) {
      continue;
    }
    const name = freshName();
    const names = parameters.map((_, i) => `${name}p${i}`);
    let place = 0;
    const body = first.tokens.map((part) => {
      const parameter = exchangeable.test(part) ? places[place++] : undefined;
      return parameter === undefined
        ? part
        : `${names[parameter.index]}${parameter.offset === 0 ? '' : ` + ${parameter.offset}`}`;
    });
    functions.push(`const ${name} = (${names.join(', ')}) => {\n${body.join('')}};\n`);
    group.forEach((round, i) => calls.set(round, `${name}(${parameters.map((values) => values[i]).join(', ')});\n`));
  }
  return { functions, rounds: parsed.map((round) => calls.get(round) ?? round.code) };
}

interface ParsedRound {
  readonly code: string;
  /** With the names it declares numbered, so that rounds alike are written alike. */
  readonly tokens: readonly string[];
  /** The exchangeable among the tokens. */
  readonly values: readonly string[];
  /** The tokens without these. */
  readonly shape: string;
}

function parseRound(code: string): ParsedRound {
  const own = new Map(Array.from(code.matchAll(declaration), ([, name], i) => [name as string, `w${i}`]));
  const tokens = Array.from(code.matchAll(token), ([part]) => own.get(part) ?? part);
  return {
    code,
    tokens,
    values: tokens.filter((part) => exchangeable.test(part)),
    shape: tokens.map((part) => (exchangeable.test(part) ? (/^\d/.test(part) ? '0' : '@') : part)).join(''),
  };
}

/** A place in the code that has an argument's value, or, of numbers, one that is always so much more. */
interface ParameterPlace {
  readonly index: number;
  readonly offset: number;
}

/** The values that differ between rounds, by round; and by place, which of these it has, undefined where all rounds have the same. */
function parametersOf(group: readonly ParsedRound[]): { parameters: string[][]; places: (ParameterPlace | undefined)[] } {
  const parameters: string[][] = [];
  const known = new Map<string, ParameterPlace>();
  const [first] = group as [ParsedRound];
  const places = first.values.map((firstValue, place) => {
    const values = group.map((round) => round.values[place] as string);
    if (values.every((value) => value === firstValue)) {
      return undefined;
    }
    const isNumber = /^\d/.test(firstValue);
    // Numbers of the template's places go up by the same steps in all rounds.
    const key = (isNumber ? values.map((value) => Number(value) - Number(firstValue)) : values).join();
    const found = known.get(key);
    if (found !== undefined) {
      const base = (parameters[found.index] as string[])[0];
      return { index: found.index, offset: isNumber ? Number(firstValue) - Number(base) : 0 };
    }
    const added = { index: parameters.push(values) - 1, offset: 0 };
    known.set(key, added);
    return added;
  });
  return { parameters, places };
}
