import { PyError } from '../python/values';

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

/** An error of a template as a TemplateError; what is no template's fault stays what it is. */
export function locateError(error: unknown, position: Position): Error {
  if (error instanceof TemplateError) {
    return error;
  }
  if (error instanceof PyError) {
    return new TemplateError(error.kind === 'KeyError' ? `no key ${error.message}` : error.message, position);
  }
  if (error instanceof RangeError) {
    // V8's own limits: the call stack, and the length of a string.
    return new TemplateError(
      error.message.includes('call stack') ? 'maximum recursion depth exceeded' : `too large: ${error.message}`,
      position,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}
