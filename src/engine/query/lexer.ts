/** A query that cannot be read; `position` counts characters from 0. */
export class QuerySyntaxError extends Error {
  constructor(
    detail: string,
    readonly position: number,
  ) {
    super(detail);
    this.name = 'QuerySyntaxError';
  }
}

export type TokenKind = 'name' | 'column' | 'text' | 'int' | 'float' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** A column's name without backticks, a text without quotes and escapes, else as written. */
  readonly text: string;
  readonly position: number;
}

// Long operators before their beginnings.
const tokenPattern =
  /\s+|#.*|([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|`([^`]*)`|(\d[\d_]*\.?(?:\d[\d_]*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(==|!=|<=|>=|\/\/|\*\*|[<>=+\-*/%&|~()[\],.])/y;
const textPattern =
  /[rRuU]?("""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')/y;
const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '\n': '' };

/** The tokens of a query. Names in backticks are columns. @throws QuerySyntaxError */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < query.length) {
    const text = matchText(query, position);
    if (text !== undefined) {
      tokens.push({ kind: 'text', text: text.value, position });
      position = text.end;
      continue;
    }
    tokenPattern.lastIndex = position;
    const match = tokenPattern.exec(query);
    if (match === null) {
      throw new QuerySyntaxError(`\`${query[position]}\` is not expected`, position);
    }
    const [, name, column, number, operator] = match;
    if (name !== undefined) {
      tokens.push({ kind: 'name', text: name, position });
    } else if (column !== undefined) {
      tokens.push({ kind: 'column', text: column, position });
    } else if (number !== undefined) {
      tokens.push({ kind: /[.eE]/.test(number) ? 'float' : 'int', text: number.replace(/_/g, ''), position });
    } else if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator, position });
    }
    position = tokenPattern.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', position });
  return tokens;
}

function matchText(query: string, position: number): { value: string; end: number } | undefined {
  textPattern.lastIndex = position;
  const match = textPattern.exec(query);
  const quoted = match?.[1];
  if (match === null || quoted === undefined) {
    return undefined;
  }
  const quotes = quoted.startsWith('"""') || quoted.startsWith("'''") ? 3 : 1;
  const body = quoted.slice(quotes, -quotes);
  const isRaw = /^r/i.test(match[0]);
  return { value: isRaw ? body : unescape(body), end: textPattern.lastIndex };
}

/** Python's escapes; an unknown one stays as written. */
function unescape(body: string): string {
  return body.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3}|[\s\S])/g, (whole: string, escape: string) => {
    if (/^[xu]./.test(escape)) {
      return String.fromCharCode(parseInt(escape.slice(1), 16));
    }
    if (/^[0-7]/.test(escape)) {
      return String.fromCharCode(parseInt(escape, 8));
    }
    return simpleEscapes[escape] ?? whole;
  });
}
