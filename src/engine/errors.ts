/** What kind of thing went wrong: a closed list, so that callers can branch on it and never on a message. */
export type BundleErrorCode =
  /** The bundle itself is wrong: its YAML, a node, an operation's settings. */
  | 'bundle_invalid'
  /** A template does not compile or fails on a row. */
  | 'template_failed'
  /** The bundle uses something of the reference that the engine does not have. */
  | 'not_supported'
  /** A file that the bundle names is not there, or may not be read. */
  | 'file_unavailable'
  /** An input's bytes or shape are wrong. */
  | 'input_invalid'
  /** A column that a source, an operation or a query needs is not there. */
  | 'column_missing'
  /** An operation cannot be done on these values. */
  | 'operation_failed'
  /** `expect` or `require_rows` does not hold. */
  | 'expectation_failed'
  /** A limit of this run was reached, such as the length of a line. */
  | 'limit_exceeded'
  /** What the bundle's operations must hold of the rows is more than this run may. */
  | 'too_much_to_hold'
  /** The caller's signal ended the run. */
  | 'cancelled';

/** Where it went wrong, as far as it is known. */
export interface BundleErrorPlace {
  /** An input's parameter name (`INPUT_FILE`), never its path, or a file relative to the bundle. */
  readonly file?: string;
  /** In `file`, from 1. */
  readonly line?: number;
  /** As the bundle refers to it: `$transformations.students`. */
  readonly node?: string;
  /** The operation's name and position in its node, from 1: `join (3)`. */
  readonly operation?: string;
  /** The data row, from 1, counted at the operation or source that failed. */
  readonly row?: number;
  readonly column?: string;
}

/** A bundle or an input that cannot be run. `detail` says what and what to do; it contains no data of a row and no path of the machine. */
export class BundleError extends Error {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly node: string | undefined;
  readonly operation: string | undefined;
  readonly row: number | undefined;
  readonly column: string | undefined;

  constructor(
    readonly code: BundleErrorCode,
    readonly detail: string,
    readonly place: BundleErrorPlace = {},
    options?: ErrorOptions,
  ) {
    super(describe(detail, place), options);
    this.name = 'BundleError';
    this.file = place.file;
    this.line = place.line;
    this.node = place.node;
    this.operation = place.operation;
    this.row = place.row;
    this.column = place.column;
  }

  /** The same error with the parts of `place` that it does not know yet. */
  at(place: BundleErrorPlace): BundleError {
    const known = Object.fromEntries(Object.entries(this.place).filter(([, value]) => value !== undefined));
    return new BundleError(this.code, this.detail, { ...place, ...known }, { cause: this.cause });
  }
}

/** A column that an operation or a query names and its table does not have. */
export class MissingColumnError extends BundleError {
  constructor(
    readonly missing: string,
    detail: string,
    place: BundleErrorPlace,
  ) {
    super('column_missing', detail, place);
  }

  /** The same for whoever made the input: it is their file that lacks the column, wherever that was noticed. */
  inInput(file: string): BundleError {
    const neededBy = [this.place.node, this.place.operation].filter((part) => part !== undefined).join(', ');
    return new BundleError(
      'column_missing',
      `column \`${this.missing}\` is missing${neededBy && ` (needed by ${neededBy})`}`,
      { file },
      { cause: this },
    );
  }
}

function describe(detail: string, place: BundleErrorPlace): string {
  const parts = [
    place.file === undefined ? undefined : place.line === undefined ? place.file : `${place.file}:${place.line}`,
    place.node,
    place.operation,
    place.row === undefined ? undefined : `row ${place.row}`,
    place.column === undefined ? undefined : `column \`${place.column}\``,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? detail : `${parts.join(', ')}: ${detail}`;
}
