/** How the code spells constants. */
export interface ConstantCode {
  /** A text as a JavaScript string. */
  quote(text: string): string;
  /** A text as bytes of UTF-8. */
  encode(text: string): string;
  /** A `Segment` of what is before, between and behind values. */
  segment(constants: readonly string[]): string;
}

/** Where a function's output goes: into a string that grows, or into the `ByteOutput` that the function is given as `o`. */
export type Sink = 'text' | 'bytes';

/** As many values as a `Segment` can be given at once. */
const maxSegmentValues = 4;

/**
 * Collects the generated JavaScript. All output of a template goes through `text` and `print`, so that where it goes is decided here
 * alone. Adjacent constant texts become one.
 */
export class Emitter {
  private code = '';
  private pending = '';
  /** Values that are to be written before what is pending, each with the constant before it. */
  private values: { readonly before: string; readonly code: string }[] = [];
  private counter = 0;
  private temporaries: string[] = [];
  /** Stands for the function whose code is being written. */
  owner: object = {};
  /** The variable of the string that the output goes to; undefined while it goes to a `ByteOutput`. */
  private buffer: string | undefined = 'out';

  constructor(private readonly constants: ConstantCode) {}

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
    this.line(this.buffer === undefined ? `o.text(${code});` : `${this.buffer} += ${code};`);
  }

  /** The same for code that does nothing else and cannot fail, such as the value of a column. */
  printColumn(code: string): void {
    if (this.buffer !== undefined) {
      this.print(code);
      return;
    }
    if (this.values.length === maxSegmentValues) {
      this.flush();
    }
    this.values.push({ before: this.pending, code });
    this.pending = '';
  }

  line(code: string): void {
    this.flush();
    this.code += `${code}\n`;
  }

  /** Ends the current function, after writing what the code gives if there is any. Its output is its result, if it is a text. */
  finish(last?: string): void {
    if (this.buffer === undefined) {
      this.line(last === undefined ? 'return "";' : `o.text(${last}); return "";`);
    } else {
      this.line(`return ${this.buffer}${last === undefined ? '' : ` + ${last}`};`);
    }
  }

  private flush(): void {
    if (this.values.length > 0) {
      const codes = this.values.map(({ code }) => code);
      const constants = [...this.values.map(({ before }) => before), this.pending];
      const isPlain = constants.every((constant) => constant === '');
      this.code += isPlain
        ? codes.map((code) => `o.text(${code});\n`).join('')
        : `o.segment${codes.length}(${this.constants.segment(constants)}, ${codes.join(', ')});\n`;
      this.values = [];
      this.pending = '';
    }
    if (this.pending !== '') {
      this.code +=
        this.buffer === undefined
          ? `o.constant(${this.constants.encode(this.pending)});\n`
          : `${this.buffer} += ${this.constants.quote(this.pending)};\n`;
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

  /** The code that `emit` writes, to be put somewhere by `line`. */
  section(emit: () => void): string {
    this.flush();
    const outer = this.code;
    this.code = '';
    emit();
    this.flush();
    const section = this.code;
    this.code = outer;
    return section;
  }

  /** The code of a function: `emit` writes the body, and ends it by `finish`. */
  functionBody(emit: () => void, sink: Sink = 'text'): string {
    this.flush();
    const outer = { code: this.code, buffer: this.buffer, temporaries: this.temporaries, owner: this.owner };
    this.code = '';
    this.owner = {};
    this.buffer = sink === 'bytes' ? undefined : 'out';
    this.temporaries = [];
    emit();
    this.flush();
    const declared = this.temporaries.length > 0 ? `let ${this.temporaries.join(', ')};\n` : '';
    const body = `${declared}${sink === 'bytes' ? '' : 'let out = "";\n'}${this.code}`;
    this.code = outer.code;
    this.buffer = outer.buffer;
    this.temporaries = outer.temporaries;
    this.owner = outer.owner;
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
