import { z } from 'zod';
import { SKIP_REASONS } from '../jobs/run-report';

/** What the engine is asked to do: plain data, sent to the child as the one message that it gets. Paths are absolute. */
export interface EngineTask {
  /** The bundle's folder. */
  readonly directory: string;
  readonly params: Readonly<Record<string, string>>;
  /** The files by their env_var. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly packagesDirectory?: string;
  readonly limits: {
    readonly maxLineBytes: number;
    /** What the bundle's operations may hold of the rows; by default what the child's memory allows. */
    readonly maxHeldBytes?: number;
  };
}

const count = z.number().int().nonnegative();
/** What a run shows of itself has to stay small. */
export const MAX_LISTED_FILES = 200;
export const MAX_LISTED_WARNINGS = 20;
export const MAX_LISTED_SKIPS = 50;
const MAX_OUTPUTS = 10_000;

/** A file's plain name: it becomes the end of a key in the object store, and of a path where somebody downloads it. */
const outputName = z.string().regex(/^(?!\.{1,2}$)[^/\\\p{Cc}\p{Cs}]{1,200}$/u);

/**
 * A text to be shown. What Postgres cannot store, and a file may hold or a cut leave behind, is replaced: NULs and halves of surrogate
 * pairs.
 */
const textOf = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .transform((given) => given.replaceAll('\0', '\ufffd').toWellFormed());
const text = textOf(1_000);
const rowsByName = z.record(textOf(200), count).refine((rows) => Object.keys(rows).length <= MAX_LISTED_FILES);

/** As in the job's `RunCounts`. */
const counts = {
  rowsRead: count,
  rowsWritten: count,
  files: z.object({ inputs: rowsByName, outputs: rowsByName }),
  warnings: z
    .array(
      z.object({
        detail: text,
        file: text.nullable(),
        line: count.nullable(),
        node: text.nullable(),
        operation: text.nullable(),
      }),
    )
    .max(MAX_LISTED_WARNINGS)
    .readonly(),
  warningCount: count,
  skipped: z
    .array(z.object({ reason: z.enum(SKIP_REASONS), rows: count, detail: text.nullable(), node: text.nullable() }))
    .max(MAX_LISTED_SKIPS)
    .readonly()
    .optional(),
};

const progress = z.object({
  node: textOf(400),
  percent: z.number().int().min(0).max(100).nullable(),
  ...counts,
});

/**
 * What the child may say. Code from outside has run in it, so it is not trusted more than a stranger: no path is taken from it,
 * and nothing is longer than it has to be.
 */
export const engineMessage = z.discriminatedUnion('type', [
  /** The outputs that there will be; what is in them comes on a pipe of its own (see output-frames.ts). Once, before the first of it. */
  z.object({
    type: z.literal('outputs'),
    names: z
      .array(outputName)
      .max(MAX_OUTPUTS)
      .refine((names) => new Set(names).size === names.length),
  }),
  progress.extend({ type: z.literal('progress') }),
  /** `records` of each output, in the order of their names. */
  z.object({ type: z.literal('succeeded'), records: z.array(count).max(MAX_OUTPUTS), ...counts }),
  /** The bundle or an input is at fault. */
  z.object({
    type: z.literal('failed'),
    code: textOf(100),
    detail: textOf(4_000),
    file: textOf(400).nullable(),
    line: z.number().int().positive().nullable(),
    /** How far it had come; null where nothing was read yet. */
    progress: progress.nullable(),
  }),
  /** The engine or the machine is at fault. `errno` is the system's code where there is one, `stack` has no message and so no data. */
  z.object({ type: z.literal('broken'), errno: z.string().max(40).nullable(), stack: z.string().max(8_000) }),
]);

export type EngineMessage = z.infer<typeof engineMessage>;
