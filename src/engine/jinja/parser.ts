import type {
  Block,
  CallBlock,
  Data,
  Expression,
  Filter,
  FilterBlock,
  For,
  FromImport,
  If,
  Macro,
  NamespaceTarget,
  Parameter,
  Assignment,
  SetBlock,
  Statement,
  Target,
  With,
} from './ast';
import type { Position } from './errors';
import { ExpressionParser } from './expression-parser';
import type { Token } from './lexer';
import type { SourceText } from './source';
import { matches, TokenStream } from './token-stream';

/** Python stops at a hundred levels of indentation, which is what Jinja makes of blocks in one another. */
const maxBlockNesting = 100;

/** The statements of a template. @throws TemplateError */
export function parseTemplate(tokens: readonly Token[], source: SourceText): readonly Statement[] {
  return new Parser(new TokenStream(tokens, source)).parseBody();
}

/** The expression that the tokens of `tokenizeExpression` stand for. @throws TemplateError */
export function parseExpression(tokens: readonly Token[], source: SourceText): Expression {
  const stream = new TokenStream(tokens, source);
  stream.expect('variable_begin');
  const expression = new ExpressionParser(stream).parseTuple();
  stream.expect('variable_end');
  return expression;
}

class Parser extends ExpressionParser {
  /** The tags that are open, for messages, each with those that may end its part. */
  private readonly open: { tag: string; ends: readonly string[] }[] = [];

  private readonly statements: ReadonlyMap<string, (position: Position) => Statement> = new Map([
    ['for', (position: Position) => this.parseFor(position)],
    ['if', (position: Position) => this.parseIf(position)],
    ['set', (position: Position) => this.parseSet(position)],
    ['macro', (position: Position) => this.parseMacro(position)],
    ['call', (position: Position) => this.parseCallBlock(position)],
    ['filter', (position: Position) => this.parseFilterBlock(position)],
    ['with', (position: Position) => this.parseWith(position)],
    ['include', (position: Position) => this.parseInclude(position)],
    ['import', (position: Position) => this.parseImport(position)],
    ['from', (position: Position) => this.parseFromImport(position)],
    ['block', (position: Position) => this.parseBlock(position)],
    ['extends', (position: Position) => ({ kind: 'extends', template: this.parseExpression(), position })],
    ['print', (position: Position) => this.parsePrint(position)],
  ]);

  /** Up to the end of the template, or to a tag that ends the innermost open one; that tag's name is then current. */
  parseBody(): readonly Statement[] {
    const body: Statement[] = [];
    let parts: (Data | Expression)[] = [];
    let position = this.stream.position();
    const flush = (): void => {
      if (parts.length > 0) {
        body.push({ kind: 'output', parts, position });
        parts = [];
      }
    };
    while (!this.stream.is('eof')) {
      if (parts.length === 0) {
        position = this.stream.position();
      }
      const token = this.stream.next();
      if (token.type === 'data') {
        parts.push({ kind: 'data', text: token.value, position: this.stream.position(token) });
      } else if (token.type === 'variable_begin') {
        parts.push(this.parseTuple());
        this.stream.expect('variable_end');
      } else {
        flush();
        if (this.stream.isName(...(this.open.at(-1)?.ends ?? []))) {
          return body;
        }
        body.push(this.parseStatement());
        this.stream.expect('block_end');
      }
    }
    flush();
    if (this.open.length > 0) {
      throw this.unexpected('Unexpected end of template.');
    }
    return body;
  }

  private parseStatement(): Statement {
    const token = this.stream.current;
    if (token.type !== 'name') {
      throw this.stream.error('tag name expected');
    }
    const parse = this.statements.get(token.value);
    if (!parse) {
      if (token.value === 'autoescape' || token.value === 'trans' || token.value === 'do') {
        throw this.stream.error(`the tag '${token.value}' is not supported`);
      }
      throw this.unexpected(`Encountered unknown tag '${token.value}'.`);
    }
    if (this.open.length >= maxBlockNesting) {
      throw this.stream.error(`more than ${maxBlockNesting} blocks in one another`);
    }
    const position = this.stream.position();
    this.stream.next();
    return parse(position);
  }

  private unexpected(what: string) {
    const innermost = this.open.at(-1);
    const wanted = this.open.flatMap(({ ends }) => ends);
    const detail = innermost
      ? `${what} Jinja was looking for ${wanted.map((end) => `'${end}'`).join(' or ')}. The innermost block that needs to be closed is '${innermost.tag}'.`
      : what;
    return this.stream.error(detail);
  }

  /** The body of a tag, from the end of the tag itself; the name that ended it is current after. */
  private bodyUntil(tag: string, ...ends: readonly string[]): readonly Statement[] {
    // A colon here is allowed "for Python compatibility".
    this.stream.skip('operator', ':');
    this.stream.expect('block_end');
    this.open.push({ tag, ends });
    const body = this.parseBody();
    this.open.pop();
    return body;
  }

  private bodyTo(tag: string, end: string): readonly Statement[] {
    const body = this.bodyUntil(tag, end);
    this.stream.next();
    return body;
  }

  private parseFor(position: Position): For {
    const target = this.parseTarget('in');
    this.stream.expect('name', 'in');
    const iterable = this.parseTuple({ withoutConditional: true, endName: 'recursive' });
    const test = this.stream.skip('name', 'if') ? this.parseExpression() : undefined;
    const recursive = this.stream.skip('name', 'recursive');
    const body = this.bodyUntil('for', 'endfor', 'else');
    const otherwise = this.stream.next().value === 'else' ? this.bodyTo('for', 'endfor') : [];
    return { kind: 'for', target, iterable, test, recursive, body, otherwise, position };
  }

  private parseIf(position: Position): If {
    const branches: { test: Expression; body: readonly Statement[] }[] = [];
    for (;;) {
      const test = this.parseTuple({ withoutConditional: true });
      branches.push({ test, body: this.bodyUntil('if', 'elif', 'else', 'endif') });
      const end = this.stream.next().value;
      if (end !== 'elif') {
        return { kind: 'if', branches, otherwise: end === 'else' ? this.bodyTo('if', 'endif') : [], position };
      }
    }
  }

  private parseSet(position: Position): Assignment | SetBlock {
    const target = matches(this.stream.ahead, 'operator', '.') ? this.parseNamespaceTarget() : this.parseTarget();
    if (this.stream.skip('operator', '=')) {
      return { kind: 'set', target, value: this.parseTuple(), position };
    }
    const filter = this.stream.skip('operator', '|') ? this.parseFilterChain() : undefined;
    return { kind: 'set-block', target, filter, body: this.bodyTo('set', 'endset'), position };
  }

  private parseFilterChain(): Filter {
    let filter = this.parseFilter(undefined);
    while (this.stream.skip('operator', '|')) {
      filter = this.parseFilter(filter);
    }
    return filter;
  }

  private parseNamespaceTarget(): NamespaceTarget {
    const position = this.stream.position();
    const name = this.stream.expect('name').value;
    this.stream.next();
    return { kind: 'namespace-target', name, attribute: this.stream.expect('name').value, position };
  }

  private parseTarget(endName?: string): Target {
    return this.asTarget(this.parseTuple({ simplified: true, endName }));
  }

  private asTarget(expression: Expression): Target {
    if (expression.kind === 'name') {
      return expression;
    }
    if (expression.kind === 'tuple') {
      return { kind: 'tuple-target', items: expression.items.map((item) => this.asTarget(item)), position: expression.position };
    }
    throw this.stream.error(`can't assign to '${expression.kind}'`);
  }

  private parseName(): string {
    const target = this.asTarget(this.parsePrimary());
    if (target.kind !== 'name') {
      throw this.stream.error('expected a name');
    }
    return target.name;
  }

  private parseWith(position: Position): With {
    const assignments: { target: Target; value: Expression }[] = [];
    while (!this.stream.is('block_end')) {
      if (assignments.length > 0) {
        this.stream.expect('operator', ',');
      }
      const target = this.parseTarget();
      this.stream.expect('operator', '=');
      assignments.push({ target, value: this.parseExpression() });
    }
    return { kind: 'with', assignments, body: this.bodyTo('with', 'endwith'), position };
  }

  private parseParameters(): Parameter[] {
    this.stream.expect('operator', '(');
    const parameters: Parameter[] = [];
    while (!this.stream.skip('operator', ')')) {
      if (parameters.length > 0) {
        this.stream.expect('operator', ',');
      }
      const name = this.parseName();
      const fallback = this.stream.skip('operator', '=') ? this.parseExpression() : undefined;
      if (!fallback && parameters.some((parameter) => parameter.fallback)) {
        throw this.stream.error('non-default argument follows default argument');
      }
      if (parameters.some((parameter) => parameter.name === name)) {
        throw this.stream.error(`duplicate argument '${name}'`);
      }
      parameters.push({ name, fallback });
    }
    return parameters;
  }

  private parseMacro(position: Position): Macro {
    const name = this.parseName();
    const parameters = this.parseParameters();
    return { kind: 'macro', name, parameters, body: this.bodyTo('macro', 'endmacro'), position };
  }

  private parseCallBlock(position: Position): CallBlock {
    const parameters = this.stream.isOperator('(') ? this.parseParameters() : [];
    const call = this.parseExpression();
    if (call.kind !== 'call') {
      throw this.stream.error('expected call');
    }
    return { kind: 'call-block', parameters, call, body: this.bodyTo('call', 'endcall'), position };
  }

  private parseFilterBlock(position: Position): FilterBlock {
    const filter = this.parseFilterChain();
    return { kind: 'filter-block', filter, body: this.bodyTo('filter', 'endfilter'), position };
  }

  /** `with context` or `without context`, if one of them follows. */
  private parseContext(): boolean | undefined {
    if (!this.stream.isName('with', 'without') || !matches(this.stream.ahead, 'name', 'context')) {
      return undefined;
    }
    const withContext = this.stream.next().value === 'with';
    this.stream.next();
    return withContext;
  }

  private parseInclude(position: Position): Statement {
    const template = this.parseExpression();
    const ignoreMissing = this.stream.isName('ignore') && matches(this.stream.ahead, 'name', 'missing');
    if (ignoreMissing) {
      this.stream.next();
      this.stream.next();
    }
    return { kind: 'include', template, ignoreMissing, withContext: this.parseContext() ?? true, position };
  }

  private parseImport(position: Position): Statement {
    const template = this.parseExpression();
    this.stream.expect('name', 'as');
    const name = this.parseName();
    return { kind: 'import', template, name, withContext: this.parseContext() ?? false, position };
  }

  private parseFromImport(position: Position): FromImport {
    const template = this.parseExpression();
    this.stream.expect('name', 'import');
    const names: { name: string; alias: string }[] = [];
    let withContext = this.parseContext();
    while (withContext === undefined) {
      const name = this.parseName();
      if (name.startsWith('_')) {
        throw this.stream.error('names starting with an underline can not be imported');
      }
      names.push({ name, alias: this.stream.skip('name', 'as') ? this.parseName() : name });
      withContext = this.parseContext();
      if (withContext !== undefined || !this.stream.skip('operator', ',')) {
        break;
      }
      withContext = this.parseContext();
    }
    return { kind: 'from-import', template, names, withContext: withContext ?? false, position };
  }

  private parseBlock(position: Position): Block {
    const name = this.stream.expect('name').value;
    const scoped = this.stream.skip('name', 'scoped');
    const required = this.stream.skip('name', 'required');
    const body = this.bodyTo('block', 'endblock');
    this.stream.skip('name', name);
    if (required && !body.every(isBlank)) {
      throw this.stream.error('Required blocks can only contain comments or whitespace');
    }
    return { kind: 'block', name, scoped, required, body, position };
  }

  private parsePrint(position: Position): Statement {
    const parts: Expression[] = [];
    while (!this.stream.is('block_end')) {
      if (parts.length > 0) {
        this.stream.expect('operator', ',');
      }
      parts.push(this.parseExpression());
    }
    return { kind: 'output', parts, position };
  }
}

function isBlank(statement: Statement): boolean {
  return statement.kind === 'output' && statement.parts.every((part) => part.kind === 'data' && part.text.trim() === '');
}
