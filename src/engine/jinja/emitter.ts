/**
 * Collects the generated JavaScript. All output of a template goes through `text` and `print`, so that where it goes (now a string
 * that grows) is decided here alone. Adjacent constant texts become one.
 */
export class Emitter {
  private code = '';
  private pending = '';
  private counter = 0;
  private temporaries: string[] = [];

  constructor(
    private readonly quote: (text: string) => string,
    private buffer = 'out',
  ) {}

  /** A JavaScript name that nothing else has. */
  fresh(prefix: string): string {
    return `${prefix}${this.counter++}`;
  }

  /** A variable of the current function that an expression can assign to. */
  temporary(): string {
    const name = this.fresh('t');
    this.temporaries.push(name);
    return name;
  }

  /** Writes a text of the template to the output. */
  text(text: string): void {
    this.pending += text;
  }

  /** Writes the string that JavaScript code gives to the output. */
  print(code: string): void {
    this.line(`${this.buffer} += ${code};`);
  }

  line(code: string): void {
    this.flush();
    this.code += `${code}\n`;
  }

  private flush(): void {
    if (this.pending !== '') {
      this.code += `${this.buffer} += ${this.quote(this.pending)};\n`;
      this.pending = '';
    }
  }

  /** Runs `emit` with its output going to a variable of its own, which is named by the result. */
  capture(emit: () => void): string {
    const outer = this.buffer;
    const inner = this.fresh('c');
    this.line(`let ${inner} = "";`);
    this.buffer = inner;
    emit();
    this.flush();
    this.buffer = outer;
    return inner;
  }

  /** The code of a function whose output is its result: `emit` writes the body. */
  functionBody(emit: () => void): string {
    this.flush();
    const outer = { code: this.code, buffer: this.buffer, temporaries: this.temporaries };
    this.code = '';
    this.buffer = 'out';
    this.temporaries = [];
    emit();
    this.flush();
    const declared = this.temporaries.length > 0 ? `let ${this.temporaries.join(', ')};\n` : '';
    const body = `${declared}let out = "";\n${this.code}`;
    this.code = outer.code;
    this.buffer = outer.buffer;
    this.temporaries = outer.temporaries;
    return body;
  }

  /** The code of an expression's function, which has temporaries but no output. */
  expressionBody(emit: () => string): string {
    const outer = this.temporaries;
    this.temporaries = [];
    const result = emit();
    const declared = this.temporaries.length > 0 ? `let ${this.temporaries.join(', ')};\n` : '';
    this.temporaries = outer;
    return `${declared}return ${result};\n`;
  }
}
