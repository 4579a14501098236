import { z } from 'zod';

/** What the engine is asked to do: plain data, sent to the child as the one message that it gets. Paths are absolute. */
export interface EngineTask {
  /** The bundle's folder. */
  readonly directory: string;
  readonly params: Readonly<Record<string, string>>;
  /** The files by their env_var. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Empty, and the only place that the child may write to. */
  readonly outputDirectory: string;
  readonly packagesDirectory?: string;
  readonly limits: { readonly maxLineBytes: number };
}

const count = z.number().int().nonnegative();

/** A file's plain name: it becomes the end of a path here and of a key in the object store. */
const outputName = z.string().regex(/^(?!\.{1,2}$)[^/\\\p{Cc}]{1,200}$/u);

/**
 * What the child may answer. Code from outside has run in it, so its answers are checked like those of a stranger: no path is
 * taken from it, and nothing is longer than it has to be.
 */
export const engineMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), rowsRead: count, rowsWritten: count }),
  z.object({
    type: z.literal('succeeded'),
    outputs: z.array(z.object({ name: outputName, records: count })).max(10_000),
    rowsRead: count,
    rowsWritten: count,
    warnings: z.array(z.record(z.string(), z.union([z.string().max(4_000), z.number()]))).max(100),
  }),
  /** The bundle or an input is at fault. */
  z.object({
    type: z.literal('failed'),
    code: z.string().max(100),
    detail: z.string().max(4_000),
    file: z.string().max(400).nullable(),
    line: z.number().int().positive().nullable(),
  }),
  /** The engine or the machine is at fault. `errno` is the system's code where there is one, `stack` has no message and so no data. */
  z.object({ type: z.literal('broken'), errno: z.string().max(40).nullable(), stack: z.string().max(8_000) }),
]);

export type EngineMessage = z.infer<typeof engineMessage>;
