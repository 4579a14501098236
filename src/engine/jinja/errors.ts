/** A place in a template's file; `line` and `column` count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A template that does not compile, or failed while it was rendered. `detail` is the sentence without the place. */
export class TemplateError extends Error {
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(
    readonly detail: string,
    position: Position,
  ) {
    super(`${position.file}:${position.line}:${position.column}: ${detail}`);
    this.name = 'TemplateError';
    this.file = position.file;
    this.line = position.line;
    this.column = position.column;
  }
}
